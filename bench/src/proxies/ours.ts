// The proxy as the server uses it: authentication, identity headers, one upstream.
import { createServer } from 'node:http';
import { createProxy, type ProxyRoute } from '@runlayer/proxy';

const { PORT = '', UPSTREAM = '', DEPLOYMENT = '', KEY = '' } = process.env;
const route: ProxyRoute = {
  id: DEPLOYMENT,
  organizationId: 'org',
  serverId: DEPLOYMENT,
  endpoints: [{ host: '127.0.0.1', port: Number(UPSTREAM) }],
  mcpPath: '/mcp',
  expose: [],
  forward: { headers: true, token: false },
};
const proxy = createProxy({
  platformUrl: `http://127.0.0.1:${PORT}`,
  routes: { deployment: () => route, connector: () => undefined },
  authenticate: (credential) =>
    credential === KEY
      ? {
          organizationId: 'org',
          mayCall: true,
          subject: { subjectType: 'user', organizationId: 'org', userId: 'u', userEmail: 'u@example.com' },
        }
      : undefined,
});
createServer((request, response) => proxy.handle(request, response)).listen(Number(PORT), '127.0.0.1');
