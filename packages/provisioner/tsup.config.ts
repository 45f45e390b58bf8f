import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/index.ts', 'src/driver/index.ts', 'src/memory/index.ts', 'src/testing/index.ts'],
  format: 'esm',
  target: 'node20',
  clean: true,
  dts: false,
});
