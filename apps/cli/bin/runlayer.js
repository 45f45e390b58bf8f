#!/usr/bin/env node
// Starts the command: the source in a clone, the build in a published package, which holds no source.
import { existsSync } from 'node:fs';
import module from 'node:module';

module.enableCompileCache?.();
const source = new URL('../src/main.ts', import.meta.url);
await import(existsSync(source) ? source.href : new URL('../dist/main.js', import.meta.url).href);
