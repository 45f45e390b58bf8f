import { defineConfig } from 'tsup';

export default defineConfig({
  entry: { server: 'src/main.ts' },
  // Express is CommonJS and loads parts of Node with `require`.
  format: 'cjs',
  target: 'node24',
  platform: 'node',
  // One file with everything in it: the image needs no node_modules.
  noExternal: [/.*/],
  splitting: false,
  clean: true,
});
