import { defineConfig } from 'tsup';

export default defineConfig({
  // The tables run in a thread of their own, which is started from its own file.
  entry: ['src/index.ts', 'src/tables-thread.ts'],
  format: 'esm',
  target: 'node22',
  clean: true,
  dts: false,
});
