// What must compile in Express 4 and 5, connect and node:http, and what must not.
import { createServer } from 'node:http';
import connect from 'connect';
import express from 'express';
import express4 from 'express4';
import type { VerifiedIdentity, Verifier } from '../verify/index.ts';
import { identityOf, requireIdentity } from './index.ts';

declare const verifier: Verifier;

const app = express();
app.use('/mcp', requireIdentity(verifier));
app.get('/me', requireIdentity(verifier, { status: 403 }), (request, response) => {
  // @ts-expect-error -- the middleware may be missing, so it may be undefined
  request.identity.organizationId.trim();
  const identity = identityOf(request);
  // @ts-expect-error -- an agent alone has no user
  identity.userId.trim();
  response.send(identity.subjectType === 'agent' ? identity.agentName : identity.userEmail);
});
identityOf satisfies (request: express.Request) => VerifiedIdentity;

express4().use(requireIdentity(verifier), (request, response) => {
  request.identity satisfies VerifiedIdentity | undefined;
  response.send(identityOf(request).subjectType);
});

connect()
  .use(requireIdentity(verifier))
  .use('/me', (request, response) => {
    response.end(identityOf(request).subjectType);
  });

const middleware = requireIdentity(verifier);
createServer((request, response) => {
  middleware(request, response, () => response.end(identityOf(request).subjectType));
});

// @ts-expect-error -- the verifier cannot be left out
requireIdentity();
// @ts-expect-error -- a refused request is not let through with another status
requireIdentity(verifier, { status: 200 });
// @ts-expect-error -- a request, not its identity
identityOf({ subjectType: 'user' });
