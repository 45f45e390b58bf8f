// Answers 405 for a known address with a method that the contract does not declare there.
import type { MiddlewareHandler } from 'hono';
import { fail } from '../error-codes.ts';
import { problemAnswer } from './problem-answers.ts';

interface Routed {
  readonly method: string;
  readonly path: string;
}

/**
 * Hono answers 404 for a known path with another method; HTTP wants 405 and `Allow`. A literal path is no `{id}`:
 * `GET …/validate-yaml` asks for no deployment of that name. @see https://www.rfc-editor.org/rfc/rfc9110#section-15.5.6
 */
export function declaredMethods(routes: readonly Routed[]): MiddlewareHandler {
  const known = routes.map(({ method, path }) => ({
    method: method.toUpperCase(),
    literal: !path.includes('{'),
    pattern: patternOf(path),
  }));
  return async (context, next) => {
    const { method, path } = context.req;
    const matches = known.filter(({ pattern }) => pattern.test(path));
    const literal = matches.filter((route) => route.literal);
    const methods = new Set((literal.length > 0 ? literal : matches).map((route) => route.method));
    if (methods.has('GET')) methods.add('HEAD');
    if (methods.size === 0 || methods.has(method)) return next();
    const allow = [...methods].toSorted().join(', ');
    return problemAnswer(fail('ERR_METHOD_NOT_ALLOWED', `${method} is not a method of this address; ${allow} are.`), { allow });
  };
}

function patternOf(path: string): RegExp {
  const literal = path.replace(/\/$/, '').replace(/[.*+?^$()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replace(/\{\w+\}/g, '[^/]+')}/?$`);
}
