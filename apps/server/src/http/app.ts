// The API as one Hono application: guards, checks and handlers around the contract.
import { contract } from '@runlayer/api';
import { OpenAPIHono } from '@hono/zod-openapi';
import { registerConnectors } from '../handlers/connectors.ts';
import { registerDeployments } from '../handlers/deployments.ts';
import { registerLocal } from '../handlers/local.ts';
import type { Parts } from '../handlers/parts.ts';
import { registerPeople } from '../handlers/people.ts';
import { registerPlatform } from '../handlers/platform.ts';
import { registerReleases } from '../handlers/releases.ts';
import { registerSigningKeys } from '../handlers/signing-keys.ts';
import { fail } from '../error-codes.ts';
import { declaredMethods } from './declared-methods.ts';
import type { App, RequestEnvironment } from './environment.ts';
import { guard } from './guard.ts';
import type { Log } from './logger.ts';
import { answerError, invalidRequest, problemAnswer } from './problem-answers.ts';
import { maxLocalBodyBytes, readBody, requireBody } from './read-body.ts';
import { requestContext } from './request-context.ts';

/** Builds the API over its parts. Everything it needs is passed in; it holds no state. */
export function createApp(parts: Parts, log: Log): App {
  const routes = Object.values(contract);
  const app: App = new OpenAPIHono<RequestEnvironment>({
    // Published clients create deployments at a path with a slash and read it without one; neither follows a redirect.
    strict: false,
    defaultHook: (result) => {
      if (!result.success) throw invalidRequest(result.error);
    },
  });
  app.use(requestContext(log, parts.countRequest));
  app.onError(answerError(log));
  app.notFound(({ req }) => problemAnswer(fail('ERR_ROUTE_UNKNOWN', `There is nothing at ${req.path.slice(0, 200)}.`)));
  app.use(declaredMethods(routes));
  for (const route of routes)
    app.on(
      route.method,
      route.getRoutingPath().replace(/\/$/, ''),
      guard(route, (key) => parts.controlPlane.authenticate(key)),
    );
  app.use('/api/v1/local/*', readBody(maxLocalBodyBytes));
  app.use('/api/*', readBody());
  for (const route of routes.filter(needsBody)) app.on(route.method, route.getRoutingPath().replace(/\/$/, ''), requireBody());
  registerPlatform(app, parts);
  registerDeployments(app, parts);
  registerReleases(app, parts);
  registerConnectors(app, parts);
  registerLocal(app, parts);
  registerPeople(app, parts);
  registerSigningKeys(app, parts);
  return app;
}

/** Whether the route needs a body; where it may be left out, the contract says so. */
function needsBody(route: object): boolean {
  const { request } = route as { readonly request?: { readonly body?: { readonly required?: boolean } } };
  return request?.body?.required === true;
}
