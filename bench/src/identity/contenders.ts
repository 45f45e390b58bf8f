// Every contender of both sections, by name.
import type { Entry } from './contender.ts';
import type { Section } from './orders.ts';
import { signing } from './signing.ts';
import { verifying } from './verifying.ts';

export const contenders: Readonly<Record<Section, Readonly<Record<string, Entry>>>> = { signing, verifying };
