// Writes runlayer.schema.json anew; a test compares it with the shape.
import { writeFile } from 'node:fs/promises';
import { configJsonSchema } from '../src/json-schema.ts';

await writeFile(new URL('../runlayer.schema.json', import.meta.url), `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
