import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/index.ts', 'src/client/index.ts'],
  format: 'esm',
  target: 'node20',
  clean: true,
  dts: false,
});
