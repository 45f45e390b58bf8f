// Writes vectors/tokens.json: run `npm run vectors` after a change to the tables beside this file.
import { writeFileSync } from 'node:fs';
import { makeVectors } from './vectors.ts';

writeFileSync(new URL('../../vectors/tokens.json', import.meta.url), `${JSON.stringify(makeVectors(), undefined, 2)}\n`);
