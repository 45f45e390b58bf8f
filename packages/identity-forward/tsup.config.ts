import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/index.ts', 'src/verify/index.ts', 'src/sign/index.ts', 'src/headers/index.ts'],
  format: 'esm',
  target: 'node20',
  clean: true,
  dts: false,
});
