// What must compile in Hono, and what must not.
import { Hono } from 'hono';
import type { VerifiedIdentity, Verifier } from '../verify/index.ts';
import { requireIdentity } from './index.ts';
import type { IdentityVariables } from './index.ts';

declare const verifier: Verifier;

const app = new Hono<{ Variables: IdentityVariables }>();
app.use(requireIdentity(verifier));
app.get('/me', requireIdentity(verifier, { status: 403 }), (c) => {
  const identity = c.get('identity');
  c.var.identity satisfies VerifiedIdentity;
  // @ts-expect-error -- an agent alone has no user
  identity.userId.trim();
  return c.text(identity.subjectType === 'agent' ? identity.agentName : identity.userEmail);
});

const unprepared = new Hono<{ Variables: { other: string } }>();
// @ts-expect-error -- an app that does not declare the variable has none
unprepared.get('/me', (c) => c.text(c.get('identity').organizationId));
