import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/main.ts', 'src/reference.ts'],
  format: 'esm',
  target: 'node22',
  clean: true,
  dts: false,
});
