import { InvalidGrantError, InvalidTokenError } from '@modelcontextprotocol/sdk/server/auth/errors.js';
import { expect, it } from 'vitest';
import { createAuthorizations } from './authorizations.ts';
import type { Authorizations, ConsentRequest } from './authorizations.ts';
import { createSecrets } from './secrets.ts';
import { readSettings } from './settings.ts';

const resource = new URL('https://r.example/api/v1/proxy/hosted/1/mcp');
const asked: ConsentRequest = {
  clientId: 'c',
  clientName: 'Client',
  scopes: ['profile'],
  redirectUri: 'http://127.0.0.1:1/callback',
  codeChallenge: 'challenge',
  state: undefined,
};

let time = 1_000_000;

function store(): Authorizations {
  return createAuthorizations(resource, 60, () => time);
}

it('leads from a request over a code to tokens of the person who allowed it', () => {
  const authorizations = store();
  const request = authorizations.decide(authorizations.ask(asked)) as ConsentRequest;
  const code = authorizations.allow(request, 'Ann');
  expect(authorizations.challengeOf(code, 'c')).toBe('challenge');
  const tokens = authorizations.redeem(code, 'c', asked.redirectUri);
  expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 60, scope: 'profile' });
  expect(authorizations.verify(tokens.access_token)).toMatchObject({ clientId: 'c', resource, extra: { name: 'Ann' } });
});

it('shows a request to one answer only', () => {
  const authorizations = store();
  const secret = authorizations.ask(asked);
  expect(authorizations.decide(secret)).toEqual(asked);
  expect(authorizations.decide(secret)).toBeUndefined();
});

it('ends everything when a code comes twice', () => {
  const authorizations = store();
  const code = authorizations.allow(asked, 'Ann');
  const { access_token: token } = authorizations.redeem(code, 'c', undefined);
  expect(() => authorizations.redeem(code, 'c', undefined)).toThrow(InvalidGrantError);
  expect(() => authorizations.verify(token)).toThrow(InvalidTokenError);
});

it('changes the refresh token each time, and ends everything when an old one comes back', () => {
  const authorizations = store();
  const first = authorizations.redeem(authorizations.allow(asked, 'Ann'), 'c', undefined);
  const second = authorizations.refresh(first.refresh_token ?? '', 'c');
  expect(second.refresh_token).not.toBe(first.refresh_token);
  expect(authorizations.verify(second.access_token).extra).toEqual({ name: 'Ann' });
  expect(() => authorizations.refresh(first.refresh_token ?? '', 'c')).toThrow(InvalidGrantError);
  expect(() => authorizations.verify(second.access_token)).toThrow(InvalidTokenError);
  expect(() => authorizations.refresh(second.refresh_token ?? '', 'c')).toThrow(InvalidGrantError);
});

it.each<[string, (authorizations: Authorizations) => unknown]>([
  ['an unknown code', (authorizations) => authorizations.redeem('x', 'c', undefined)],
  ['the code of another client', (authorizations) => authorizations.redeem(authorizations.allow(asked, 'Ann'), 'd', undefined)],
  [
    'a code for another address',
    (authorizations) => authorizations.redeem(authorizations.allow(asked, 'Ann'), 'c', 'https://evil.example/'),
  ],
  [
    'an old code',
    (authorizations) => {
      const code = authorizations.allow(asked, 'Ann');
      time += 60_000;
      return authorizations.redeem(code, 'c', undefined);
    },
  ],
])('refuses %s', (_name, redeem) => {
  expect(() => redeem(store())).toThrow(InvalidGrantError);
});

it('takes no token whose time is over, and none that was given up', () => {
  const authorizations = store();
  const tokens = authorizations.redeem(authorizations.allow(asked, 'Ann'), 'c', undefined);
  authorizations.revoke(tokens.refresh_token ?? '', 'another');
  expect(authorizations.verify(tokens.access_token)).toBeDefined();
  time += 60_000;
  expect(() => authorizations.verify(tokens.access_token)).toThrow(InvalidTokenError);
  const again = authorizations.refresh(tokens.refresh_token ?? '', 'c');
  authorizations.revoke(again.access_token, 'c');
  expect(() => authorizations.verify(again.access_token)).toThrow(InvalidTokenError);
  expect(() => authorizations.refresh(again.refresh_token ?? '', 'c')).toThrow(InvalidGrantError);
});

it('forgets the oldest above ten thousand', () => {
  const secrets = createSecrets<number>(60);
  const first = secrets.keep(0);
  for (let index = 1; index <= 10_000; index += 1) secrets.keep(index);
  expect(secrets.find(first)).toBeUndefined();
});

it.each([
  [{}, 'DEPLOYMENT_URL is not set'],
  [{ DEPLOYMENT_URL: 'here' }, 'DEPLOYMENT_URL is not an address'],
  [{ DEPLOYMENT_URL: 'https://r.example', PORT: '70000' }, 'PORT is not a whole number'],
  [{ DEPLOYMENT_URL: 'https://r.example', ACCESS_TOKEN_SECONDS: '1e3' }, 'ACCESS_TOKEN_SECONDS is not a whole number'],
])('refuses the settings %j', (environment, message) => {
  expect(() => readSettings(environment)).toThrow(message);
});
