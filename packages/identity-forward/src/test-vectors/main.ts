// Writes vectors/*.json: run `npm run vectors` after a change to the tables beside this file.
import { writeFileSync } from 'node:fs';
import { makeVectors, vectorText } from './vectors.ts';

for (const [name, document] of Object.entries(makeVectors())) {
  writeFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), vectorText(document));
}
