// Misuse that must not compile.
import type { Proxy, ProxyOptions, ProxyRoute } from './index.ts';
import { createProxy } from './index.ts';

declare const options: ProxyOptions;
declare const route: ProxyRoute;

export const proxy: Proxy = createProxy(options);

// @ts-expect-error: without authentication every caller would get through
createProxy({ routes: options.routes, platformUrl: 'https://p.example.com' });
// @ts-expect-error: the platform's address decides which Host is foreign
createProxy({ routes: options.routes, authenticate: options.authenticate });
// @ts-expect-error: a route names the organization whose callers it is for
export const open: ProxyRoute = { id: route.id, serverId: '', endpoints: [], mcpPath: '/mcp', expose: [], forward: route.forward };
// @ts-expect-error: both toggles are stated
export const half: ProxyRoute['forward'] = { headers: true };
