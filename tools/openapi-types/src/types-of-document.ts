// Turns an OpenAPI document into the TypeScript types of its paths and shapes.
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';

const banner = '// The types of openapi.json. Written by the generator: `pnpm --filter @runlayer/openapi-types generate`. Do not edit.\n';

/** The source of the types file for this document; the same document gives the same text. */
export async function typesOfDocument(document: unknown): Promise<string> {
  const nodes = await openapiTS(document as OpenAPI3, { alphabetize: false, exportType: false });
  return banner + astToString(nodes);
}
