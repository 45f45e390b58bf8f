import { defineConfig } from 'tsup';

export default defineConfig({
  entry: { server: 'src/main.ts' },
  format: 'esm',
  target: 'node24',
  platform: 'node',
  // One file with everything in it: the image needs no node_modules.
  noExternal: [/.*/],
  splitting: false,
  clean: true,
});
