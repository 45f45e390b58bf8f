// Reads one header out of the shapes that servers hand over: web Headers, or Node's plain object.

/** Headers of a request: a web `Headers`, or a plain object such as `req.headers` of Node, Express and Fastify. */
export type HeaderSource = Pick<Headers, 'get'> | Readonly<Record<string, string | readonly string[] | undefined>>;

/** Every value that stands under a name, whatever its case. More than one means that somebody added another. */
export function headerValues(headers: HeaderSource, name: string): readonly string[] {
  if (isWebHeaders(headers)) {
    const value = headers.get(name);
    return value === null ? [] : [value];
  }
  const wanted = name.toLowerCase();
  return Object.entries(headers).flatMap(([key, value]) => (key.toLowerCase() === wanted && value !== undefined ? value : []));
}

function isWebHeaders(headers: HeaderSource): headers is Pick<Headers, 'get'> {
  return typeof (headers as { get?: unknown }).get === 'function';
}
