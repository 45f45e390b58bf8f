// The same with Hono's proxy helper: what a fetch-shaped framework costs on this path.
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { proxy } from 'hono/proxy';
import { answerWatch } from './under-watch.ts';

const { PORT = '', UPSTREAM = '', KEY = '' } = process.env;
const app = new Hono();
app.all('*', async (context): Promise<Response> => {
  if (context.req.header('x-runlayer-api-key') !== KEY) return context.text('no', 401);
  const { pathname, search } = new URL(context.req.url);
  return proxy(`http://127.0.0.1:${UPSTREAM}${pathname}${search}`, { raw: context.req.raw });
});
serve({ fetch: app.fetch, port: Number(PORT), hostname: '127.0.0.1' });
answerWatch();
