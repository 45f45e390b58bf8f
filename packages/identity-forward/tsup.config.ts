import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/index.ts', 'src/{verify,node,express,hono,fastify,mcp,sign,headers}/index.ts'],
  format: 'esm',
  target: 'node20',
  clean: true,
  dts: false,
});
