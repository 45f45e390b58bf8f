#!/usr/bin/env node
// Starts the built server; in a clone, where it is not built, the source.
import { existsSync } from 'node:fs';

const source = new URL('../src/main.ts', import.meta.url);
await import(existsSync(source) ? source.href : new URL('../dist/main.js', import.meta.url).href);
