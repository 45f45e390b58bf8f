// Reads a request body whole, within a limit, and says clearly what is wrong with one that cannot be used.
import type { MiddlewareHandler } from 'hono';
import { fail } from '../error-codes.ts';
import type { RequestEnvironment } from './environment.ts';

/** Most bytes of a body: a configuration of 2 MiB with every character escaped in JSON would be more, but none is. */
export const maxBodyBytes: number = 3 * 1024 * 1024;

/** Most bytes of what clients tell of the calls that they make themselves: a tool's result may hold pictures. */
export const maxLocalBodyBytes: number = 16 * 1024 * 1024;

// A client that is answered while it still sends may see a broken connection instead of the answer.
const maxDrainedBytes = 32 * 1024 * 1024;

const readsBody: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/** Keeps the text for the handlers, once: the first limit of a route holds. @throws ERR_BODY_TOO_LARGE, ERR_BODY_NOT_JSON, ERR_BODY_MALFORMED */
export function readBody(most: number = maxBodyBytes): MiddlewareHandler<RequestEnvironment> {
  return async (context, next) => {
    const { raw } = context.req;
    if (readsBody.has(raw.method) && raw.body !== null && context.req.bodyCache.text === undefined) {
      const text = await readText(raw.body, most);
      // Clients send posts without a body and without a type; only what is there must be JSON.
      const type = context.req.header('content-type') ?? '';
      if (text !== '' && !/^application\/([\w.+-]+\+)?json\b/i.test(type)) {
        throw fail('ERR_BODY_NOT_JSON', type === '' ? 'The body has no content type.' : 'The body has a content type other than JSON.');
      }
      // Hono's own reading goes on from here; its type names the value, its code awaits a promise.
      context.req.bodyCache.text = Promise.resolve(text) as unknown as string;
    }
    await next();
  };
}

/** For routes that need a body. Without this check a missing one would count as `{}`. @throws ERR_BODY_MALFORMED */
export function requireBody(): MiddlewareHandler<RequestEnvironment> {
  return async (context, next) => {
    const text = await context.req.text();
    if (text === '') throw fail('ERR_BODY_MALFORMED', 'This needs a JSON body; none was sent.');
    await next();
  };
}

async function readText(body: ReadableStream<Uint8Array>, most: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size <= most) parts.push(part);
    else parts.length = 0;
    if (size > maxDrainedBytes) break;
  }
  if (size > most) throw fail('ERR_BODY_TOO_LARGE', `The body is larger than ${most / 1024 / 1024} MiB.`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
  } catch {
    throw fail('ERR_BODY_MALFORMED', 'The body is not UTF-8.');
  }
}
