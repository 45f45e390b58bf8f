// A server of each web framework behind its adapter.
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import connect from 'connect';
import express from 'express';
import express4 from 'express4';
import fastify from 'fastify';
import { Hono } from 'hono';
import { identityOf, requireIdentity } from '../express/index.ts';
import { identityOf as identityOfFastify, requireIdentity as fastifyPlugin } from '../fastify/index.ts';
import { requireIdentity as honoMiddleware } from '../hono/index.ts';
import type { IdentityVariables } from '../hono/index.ts';
import { listen } from './test-server.ts';
import type { TestServer } from './test-server.ts';

/** By framework. */
export const webServers: Readonly<Record<string, TestServer>> = {
  'Express 5': {
    refusal: 401,
    start(verifier, reached) {
      const app = express();
      app.use(requireIdentity(verifier), express.json());
      app.all('/mcp', (request, response) => {
        reached();
        response.json(identityOf(request));
      });
      return listen(app);
    },
  },
  'Express 4': {
    refusal: 401,
    start(verifier, reached) {
      const app = express4();
      app.use('/mcp', requireIdentity(verifier), express4.json(), (request, response) => {
        reached();
        response.json(request.identity);
      });
      return listen(app);
    },
  },
  connect: {
    refusal: 401,
    start(verifier, reached) {
      const app = connect();
      app.use(requireIdentity(verifier));
      app.use('/mcp', (request, response) => {
        reached();
        response.end(JSON.stringify(identityOf(request)));
      });
      return listen(app);
    },
  },
  'node:http': {
    refusal: 403,
    start(verifier, reached) {
      const check = requireIdentity(verifier, { status: 403 });
      return listen((request, response) => {
        check(request, response, (error) => {
          if (error !== undefined) return response.writeHead(500).end();
          reached();
          return response.end(JSON.stringify(identityOf(request)));
        });
      });
    },
  },
  Hono: {
    refusal: 401,
    start(verifier, reached) {
      const app = new Hono<{ Variables: IdentityVariables }>();
      app.use(honoMiddleware(verifier));
      app.onError((_, c) => c.body(null, 500));
      app.all('/mcp', (c) => {
        reached();
        return c.json(c.var.identity);
      });
      return listen(getRequestListener(app.fetch));
    },
  },
  Fastify: {
    refusal: 401,
    async start(verifier, reached) {
      const app = fastify();
      await app.register(fastifyPlugin(verifier));
      app.all('/mcp', (request) => {
        reached();
        return identityOfFastify(request);
      });
      await app.listen({ host: '127.0.0.1', port: 0 });
      return { port: (app.server.address() as AddressInfo).port, close: () => app.close() };
    },
  },
};
