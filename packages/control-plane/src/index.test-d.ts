// What callers may rely on, and what must not compile.
import type { ControlPlane, DatabaseOptions, NewApiKey, OperatorPrincipal, Principal, Route, SigningKeyView } from './index.ts';

export async function uses(control: ControlPlane, principal: Principal): Promise<void> {
  const { id } = await control.deployments.create(principal, { name: 'notes' });
  const release = await control.deployments.trigger(principal, id);
  // @ts-expect-error every verb takes the principal first
  await control.deployments.get(id);
  // @ts-expect-error what a release deploys never changes
  release.image = 'other';
  const route: Route | undefined = await control.routes.deploymentRoute(id);
  // @ts-expect-error there may be no such deployment
  route.endpoints.at(0);
  if (principal.type === 'agent') {
    principal.role satisfies 'member';
    // @ts-expect-error an agent has no e-mail
    void principal.userEmail;
  }
}

export async function operates(control: ControlPlane, operator: OperatorPrincipal, view: SigningKeyView): Promise<void> {
  await control.signingKeys.rotate(operator, { now: true });
  // @ts-expect-error an operator's command works on the signing keys alone
  await control.deployments.get(operator, 'id');
  // @ts-expect-error what is shown of a key holds no private part
  void view.d;
  // @ts-expect-error nobody revokes without saying who they are
  await control.signingKeys.revoke('kid');
}

export const embedded: DatabaseOptions = { dataDir: './data' };
// @ts-expect-error a database has a folder or an address
export const neither: DatabaseOptions = {};
// @ts-expect-error a user's key names the user
export const nobodys: NewApiKey = { name: 'x', owner: { type: 'user' } };
