// Reads one header out of the shapes that servers hand over: web Headers, or Node's plain object.
import { IdentityError } from '../identity-error.ts';

/** Headers of a request: a web `Headers`, or a plain object such as `req.headers` of Node, Express and Fastify. */
export type HeaderSource = Pick<Headers, 'get'> | Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Every value that stands under a name, whatever its case. More than one means that somebody added another.
 *
 * @throws `ERR_IDENTITY_OPTIONS` when there are no headers to read.
 */
export function headerValues(headers: HeaderSource, name: string): readonly string[] {
  if (typeof headers !== 'object' || headers === null)
    throw new IdentityError('ERR_IDENTITY_OPTIONS', 'There are no headers to read: give those of the request.');
  if (isWebHeaders(headers)) return textOf(headers.get(name));
  const wanted = name.toLowerCase();
  return Object.entries(headers).flatMap(([key, value]) => (key.toLowerCase() === wanted ? [value].flat().flatMap(textOf) : []));
}

/** Programs in JavaScript hand over anything: what is no text counts as a value, and says nothing. */
function textOf(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  return [typeof value === 'string' ? value : ''];
}

function isWebHeaders(headers: HeaderSource): headers is Pick<Headers, 'get'> {
  return typeof (headers as { get?: unknown }).get === 'function';
}
