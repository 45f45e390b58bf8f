// The Terraform module against the code it mirrors. Nothing here runs Terraform: the test sees that the file is JSON, that it is what the code
// says, and that every expression refers to something the module has.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { terraformModule } from '../../fixtures/terraform.ts';

const file = new URL('../../../../infra/terraform/main.tf.json', import.meta.url);

it('makes what the bootstrap makes: names, tags and policies are the same', () => {
  // Write it anew with: node packages/aws-provisioner/fixtures/write-terraform.ts
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(terraformModule);
});

it('refers only to what it declares', () => {
  const { variable, data, locals, resource } = terraformModule;
  const declared = [
    ...Object.keys(variable).map((name) => `var.${name}`),
    ...Object.keys(locals).map((name) => `local.${name}`),
    ...Object.entries(data).flatMap(([kind, named]) => Object.keys(named).map((name) => `data.${kind}.${name}`)),
    ...Object.entries(resource).flatMap(([kind, named]) => Object.keys(named).map((name) => `${kind}.${name}`)),
  ];
  const expressions = [...JSON.stringify(terraformModule).matchAll(/\$\{([^}]*(?:\{[^}]*\}[^}]*)*)\}/g)].map(
    ([, expression = '']) => expression,
  );
  const references = expressions.flatMap((expression) =>
    [...expression.matchAll(/\b(?:var|local|data\.\w+|aws_\w+)\.\w+/g)].map(([name]) => name),
  );
  expect(references.length).toBeGreaterThan(50);
  expect([...new Set(references)].filter((name) => !declared.includes(name))).toEqual([]);
  const unused = Object.keys(variable).filter((name) => !references.includes(`var.${name}`));
  expect(unused).toEqual([]);
});
