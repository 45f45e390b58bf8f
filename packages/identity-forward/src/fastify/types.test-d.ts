// What must compile in Fastify 5, and what must not.
import fastify from 'fastify';
import type { Verifier } from '../verify/index.ts';
import { identityOf, requireIdentity } from './index.ts';

declare const verifier: Verifier;

const app = fastify();
app.register(requireIdentity(verifier));
void app.register(async (scope) => {
  await scope.register(requireIdentity(verifier, { status: 403 }));
  scope.get('/me', (request) => {
    // @ts-expect-error -- Fastify's type of a request knows no decorations: `identityOf` does
    request.identity.organizationId.trim();
    const identity = identityOf(request);
    // @ts-expect-error -- an agent alone has no user
    identity.userId.trim();
    return identity.subjectType === 'agent' ? identity.agentName : identity.userEmail;
  });
});
fastify({ http2: true }).register(requireIdentity(verifier));
// @ts-expect-error -- the verifier cannot be left out
app.register(requireIdentity());
