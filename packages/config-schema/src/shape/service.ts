// The shape of `service`: where the container listens and what of it is public.
import type { SectionField } from '../field.ts';
import { checkPath, checkRoute, pathPattern } from './route-path.ts';

/** `service` of the file. */
export const serviceField = {
  kind: 'section',
  about: 'Where the service listens in its container, and which of its routes need no authentication.',
  required: ['port'],
  keys: {
    port: {
      kind: 'number',
      whole: true,
      min: 1,
      max: 65535,
      repair: portOf,
      about: 'TCP port the service listens on. It must accept connections on all addresses (`0.0.0.0`), not on `localhost` only.',
      example: 8000,
    },
    path: {
      kind: 'text',
      expected: 'an absolute path, such as /mcp or /sse',
      pattern: pathPattern,
      nullable: true,
      check: checkPath,
      about: 'Path of the MCP endpoint in the service, such as `/mcp` for streaming HTTP or `/sse` for the older transport.',
      example: '/mcp',
    },
    expose: {
      kind: 'list',
      maxItems: 100,
      about:
        'Routes that need no authentication of the platform: OAuth discovery and protocol endpoints only, which a client must reach before it has a token. Each is an exact path, or all paths below one with a trailing `/*`. `/` and the MCP endpoint are refused. Leave it out for a server without OAuth.',
      default: 'none',
      example: ['/.well-known/oauth-authorization-server', '/authorize', '/token', '/register'],
      item: {
        kind: 'text',
        expected: 'an absolute path, or one that ends with /*',
        pattern: `${pathPattern.slice(0, -1)}[^/*]/?(/\\*)?$`,
        check: checkRoute,
        about: 'An exact path, or all paths below one with a trailing `/*`.',
      },
    },
  },
} as const satisfies SectionField;

/** The container's port of what Compose and Docker write: `8080:8000`, `8000/tcp`. */
function portOf(value: string | number): number | undefined {
  const match = /^\s*(?:\d{1,5}:)?(\d{1,5})(?:\/tcp)?\s*$/.exec(String(value).slice(0, 32));
  const port = Number(match?.[1] ?? 0);
  return port >= 1 && port <= 65535 ? port : undefined;
}
