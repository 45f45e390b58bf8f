// Answers what workers ask, from the control plane's memory.
import type { ControlPlane } from '@runlayer/control-plane';
import { isRunlayerError, toProblem } from '@runlayer/errors';
import type { ProxySources } from '../start/build-proxy.ts';
import type { FromPrimary, RouteName, Verb, Verbs } from './messages.ts';

type Answers = { readonly [Name in Verb]: (given: Verbs[Name]['given']) => Promise<Verbs[Name]['answer']> | Verbs[Name]['answer'] };

/** Answers one question. Never rejects. */
export type Answer = (question: { readonly id: number; readonly verb: Verb; readonly given: unknown }) => Promise<FromPrimary>;

/** @param sources what a proxy in this process would be built on */
export function createAnswer({ routes, authenticate, sessions }: ProxySources, { signingKeys }: Pick<ControlPlane, 'signingKeys'>): Answer {
  const find = ({ kind, id }: RouteName) => (kind === 'deployment' ? routes.deployment(id) : routes.connector(id));
  const answers: Answers = {
    authenticate: ({ credential }) => authenticate(credential),
    route: find,
    async refresh(name) {
      const route = await find(name);
      return route === undefined ? undefined : await routes.refresh?.(route);
    },
    signingKey: () => signingKeys.current(),
    findSessions: ({ organizationId, fingerprint }) => sessions.find(organizationId, fingerprint),
    writeSessions: ({ changes }) => sessions.write(changes),
  };
  return async ({ id, verb, given }) => {
    try {
      return { type: 'answer', id, failed: false, value: await answers[verb](given as never) };
    } catch (error) {
      // The worker answers its caller with the cause, as this process would.
      return { type: 'answer', id, failed: true, problem: isRunlayerError(error) ? toProblem(error) : undefined };
    }
  };
}
