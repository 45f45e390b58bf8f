import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/index.ts', 'src/bootstrap/index.ts'],
  format: 'esm',
  target: 'node22',
  clean: true,
  dts: false,
});
