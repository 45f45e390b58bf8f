// The JSON Schema of runlayer.yaml for editors, made from the same shape that the parser reads.
import { acceptedSizes } from '@runlayer/fargate-sizing';
import type { Field, MapField, NumberField, SectionField, TextField } from './field.ts';
import { automaticVariables } from './platform-variables.ts';
import { shape } from './shape/shape.ts';

/** A JSON Schema, or a part of one. */
export type JsonSchema = Record<string, unknown>;

// An editor shows the file before substitution, where any scalar may be a placeholder.
const placeholder: JsonSchema = { type: 'string', pattern: '\\$\\{' };

/**
 * The JSON Schema (draft 2020-12) of `runlayer.yaml` as a person edits it: `${NAME}` may stand in place of any value.
 * A new object at each call. The same is published as `@runlayer/config-schema/schema.json`.
 */
export function configJsonSchema(): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'https://docs.runlayer.com/deploy/runlayer.schema.json',
    title: 'runlayer.yaml',
    ...sectionSchema(shape),
    not: { required: ['build', 'image'] },
  };
}

function fieldSchema(field: Field): JsonSchema {
  switch (field.kind) {
    case 'text':
      return textSchema(field);
    case 'word':
      return { ...described(field), anyOf: [{ enum: [...field.words] }, placeholder] };
    case 'number':
      return { ...described(field), anyOf: [numberSchema(field), placeholder] };
    case 'flag':
      return { ...described(field), anyOf: [{ type: 'boolean' }, placeholder] };
    case 'list':
      return { ...described(field), type: ['array', 'null'], items: fieldSchema(field.item), maxItems: field.maxItems };
    case 'map':
      return mapSchema(field);
    case 'section':
      return sectionSchema(field);
    case 'refused':
      return { description: field.message, not: {} };
  }
}

function textSchema(field: TextField): JsonSchema {
  const type = ['string', ...(field.unquoted === true ? ['number', 'boolean'] : []), ...(field.nullable === true ? ['null'] : [])];
  const base = {
    ...described(field),
    type: type.length === 1 ? 'string' : type,
    ...(field.maxLength === undefined ? {} : { maxLength: field.maxLength }),
  };
  return field.pattern === undefined ? base : { ...base, anyOf: [{ pattern: field.pattern }, placeholder] };
}

function numberSchema(field: NumberField): JsonSchema {
  if (field.among !== undefined) return { enum: [...field.among] };
  return { type: field.whole ? 'integer' : 'number', minimum: field.min, maximum: field.max };
}

function mapSchema(field: MapField): JsonSchema {
  const names = field.names === 'variable' ? { pattern: field.namePattern, not: automaticNames() } : { pattern: field.namePattern };
  return { ...described(field), type: ['object', 'null'], propertyNames: names, additionalProperties: fieldSchema(field.value) };
}

function automaticNames(): JsonSchema {
  const names = automaticVariables.map(({ name }) => name.replace('*', '.*'));
  return { pattern: `^(${names.join('|')})$` };
}

function sectionSchema(field: SectionField): JsonSchema {
  const properties = Object.fromEntries(Object.entries(field.keys).map(([key, inner]) => [key, fieldSchema(inner)]));
  return {
    ...described(field),
    type: field.emptyHint === undefined && field.required === undefined ? ['object', 'null'] : 'object',
    properties,
    ...(field.required === undefined ? {} : { required: [...field.required] }),
    additionalProperties: false,
    ...('cpu' in field.keys ? sizes() : {}),
    ...('dockerfile' in field.keys ? { minProperties: 1 } : {}),
  };
}

/** Which memory goes with which cpu, one rule for each cpu. */
function sizes(): JsonSchema {
  const rule = ({ cpu, memories }: (typeof acceptedSizes)[number]): JsonSchema => ({
    if: { properties: { cpu: { const: cpu } }, required: ['cpu'] },
    // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
    then: { properties: { memory: { anyOf: [{ enum: [...memories] }, placeholder] } } },
  });
  return { dependentRequired: { cpu: ['memory'], memory: ['cpu'] }, allOf: acceptedSizes.map(rule) };
}

function described(field: Field): JsonSchema {
  const standard = field.default === undefined ? '' : ` Default: ${field.default}.`;
  const example = field.example === undefined ? {} : { examples: [field.example] };
  return { description: `${field.about}${standard}`, ...example };
}
