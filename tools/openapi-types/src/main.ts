// Writes openapi.json and the typed client's types from the contract.
import { writeFileSync } from 'node:fs';
import { openApiDocument } from '@runlayer/api';
import { typesOfDocument } from './types-of-document.ts';

const api = new URL('../../../packages/api/', import.meta.url);
const document = openApiDocument();
writeFileSync(new URL('openapi.json', api), `${JSON.stringify(document, null, 2)}\n`);
writeFileSync(new URL('src/client/openapi.gen.ts', api), await typesOfDocument(document));
