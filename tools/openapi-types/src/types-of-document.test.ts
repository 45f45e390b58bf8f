// The committed types are those of the contract.
import { readFileSync } from 'node:fs';
import { openApiDocument } from '@runlayer/api';
import { expect, it } from 'vitest';
import { typesOfDocument } from './types-of-document.ts';

it('finds the committed client types up to date; else run `pnpm --filter @runlayer/openapi-types generate`', async () => {
  const committed = readFileSync(new URL('../../../packages/api/src/client/openapi.gen.ts', import.meta.url), 'utf8');
  expect(committed).toBe(await typesOfDocument(openApiDocument()));
});
