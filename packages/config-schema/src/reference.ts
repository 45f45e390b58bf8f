// docs/configuration.md: the reference page of the file, made from the same shape that the parser reads.
import { acceptedSizes } from '@runlayer/fargate-sizing';
import type { Field, SectionField } from './field.ts';
import { automaticVariables } from './platform-variables.ts';
import { joinPath } from './shorten.ts';
import { shape } from './shape/shape.ts';
import { templateYaml } from './template.ts';

/** The reference page of `runlayer.yaml` in Markdown: every key, the valid sizes, the variables of the platform, a template. */
export function configurationReference(): string {
  return [
    '# Configuration: runlayer.yaml',
    '<!-- Made from packages/config-schema/src/shape. Do not edit by hand. -->',
    'One file describes a deployment. Keys that are not listed here are refused, and every fault of a file is reported at once with its line and column.',
    '## Example',
    `\`\`\`yaml\n${templateYaml({ name: 'notes', platform: 'arm' })}\`\`\``,
    '## Keys',
    ...keys(shape, ''),
    '## Valid sizes',
    'Only these pairs of `infrastructure.cpu` and `infrastructure.memory` are accepted.',
    sizeTable(),
    '## Variables of the platform',
    'The container gets these besides `env`, which cannot set any of them.',
    variableTable(),
    'Inside an `env` value `$$DEPLOYMENT_URL`, `$$RUNLAYER_URL` and `$$RUNLAYER_OAUTH_CALLBACK_URL` are replaced when the service is deployed.',
    '## In an editor',
    'The JSON Schema is `@runlayer/config-schema/schema.json`. With the YAML language server, put this at the top of the file:',
    '```yaml\n# yaml-language-server: $schema=./node_modules/@runlayer/config-schema/runlayer.schema.json\n```',
    '',
  ]
    .join('\n\n')
    .trimEnd()
    .concat('\n');
}

function keys(section: SectionField, path: string): string[] {
  return Object.entries(section.keys).flatMap(([key, field]) => {
    const inner = joinPath(path, key);
    const heading = `### \`${inner}\``;
    return [heading, ...text(field, section.required?.includes(key) === true), ...(field.kind === 'section' ? keys(field, inner) : [])];
  });
}

function text(field: Field, required: boolean): string[] {
  if (field.kind === 'refused') return [`${field.message} ${field.hint}`];
  const facts = [typeText(field), required ? 'required' : field.default === undefined ? 'optional' : `default: ${field.default}`];
  return [field.about, facts.map((fact) => `- ${fact}`).join('\n'), ...example(field)];
}

function typeText(field: Field): string {
  switch (field.kind) {
    case 'text':
      return `text: ${field.expected}`;
    case 'word':
      return `one of ${field.words.map((word) => `\`${word}\``).join(', ')}`;
    case 'number':
      return field.expected ?? `${field.whole ? 'a whole number' : 'a number'} from ${field.min} to ${field.max}`;
    case 'flag':
      return '`true` or `false`';
    case 'list':
      return `a list of at most ${field.maxItems} entries, each ${field.item.kind === 'text' ? field.item.expected : 'a value'}`;
    case 'map':
      return `a map from the name of a ${field.names} to ${field.value.kind === 'text' ? field.value.expected : 'a value'}`;
    default:
      return 'a map of the keys below';
  }
}

function example(field: Field): string[] {
  if (field.example === undefined) return [];
  return [`Example: \`${typeof field.example === 'string' ? field.example : JSON.stringify(field.example)}\``];
}

function sizeTable(): string {
  const rows = acceptedSizes.map(({ cpu, memories }) => `| ${cpu} (${cpu / 1024} vCPU) | ${memories.join(', ')} |`);
  return ['| cpu | memory (MB) |', '| --- | --- |', ...rows].join('\n');
}

function variableTable(): string {
  const rows = automaticVariables.map(({ name, about, when }) => `| \`${name.replace('*', '<NAME>')}\` | ${about} | ${when} |`);
  return ['| Variable | What it holds | Set |', '| --- | --- | --- |', ...rows].join('\n');
}
