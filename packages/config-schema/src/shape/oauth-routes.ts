// The routes that `service.expose` is meant for: OAuth discovery and protocol endpoints.

const discovery = ['oauth-authorization-server', 'openid-configuration', 'oauth-protected-resource', 'jwks.json', 'webfinger'];

const endpoints = new Set(
  [
    'authorize',
    'authorization',
    'auth',
    'login',
    'logout',
    'consent',
    'token',
    'register',
    'registration',
    'revoke',
    'revocation',
    'introspect',
    'introspection',
  ].concat([
    'callback',
    'userinfo',
    'jwks',
    'jwks.json',
    'certs',
    'keys',
    'device',
    'device_authorization',
    'par',
    'oauth',
    'oauth2',
    'oidc',
    'connect',
  ]),
);

/**
 * Whether a route looks like one of OAuth: below `/.well-known/` (RFC 8414, RFC 9728, OpenID Connect Discovery), or a path whose
 * last part is the usual name of an endpoint, or anything below `/oauth`, `/oauth2`, `/oidc` or `/auth`.
 */
export function looksLikeOAuth(route: string): boolean {
  const parts = route
    .toLowerCase()
    .replace(/\/\*$/, '')
    .split('/')
    .filter((part) => part !== '');
  if (parts[0] === '.well-known') return parts[1] === undefined || discovery.includes(parts[1]);
  if (parts.some((part) => /^(oauth2?|oidc|auth)$/.test(part))) return true;
  return endpoints.has(parts.at(-1) ?? '');
}
