import { describe, expect, it } from 'vitest';
import { chooseHost, chooseKey, isPlainRemote } from './choose-connection.ts';
import type { SavedLogins } from './saved-logins.ts';

const none: SavedLogins = { defaultHost: undefined, logins: [] };
const two: SavedLogins = {
  defaultHost: 'https://b.example.com',
  logins: [
    { url: 'https://a.example.com', key: 'key-a' },
    { url: 'https://b.example.com', key: 'key-b' },
  ],
};
const one: SavedLogins = { defaultHost: undefined, logins: two.logins.slice(0, 1) };

describe('the host', () => {
  it.each([
    ['the option', 'https://o.example.com', { RUNLAYER_HOST: 'https://e.example.com' }, two, 'https://o.example.com'],
    ['the environment', undefined, { RUNLAYER_HOST: 'https://e.example.com' }, two, 'https://e.example.com'],
    ['the saved default', undefined, { RUNLAYER_HOST: '' }, two, 'https://b.example.com'],
    ['the only one saved', undefined, {}, one, 'https://a.example.com'],
  ])('is taken from %s [CLI-1]', (_from, host, env, saved, chosen) => {
    expect(chooseHost({ host, env, saved })).toBe(chosen);
  });

  it('is asked for when nothing names one', () => {
    expect(() => chooseHost({ host: undefined, env: {}, saved: none })).toThrow(expect.objectContaining({ code: 'ERR_CLI_HOST_MISSING' }));
  });
});

describe('the key', () => {
  it.each([
    ['the option', 'key-o', { RUNLAYER_API_KEY: 'key-e' }, 'https://a.example.com', 'key-o'],
    ['the environment', undefined, { RUNLAYER_API_KEY: 'key-e' }, 'https://a.example.com', 'key-e'],
    ['what is saved for the host', undefined, {}, 'https://a.example.com/', 'key-a'],
  ])('is taken from %s [CLI-1]', (_from, key, env, host, chosen) => {
    expect(chooseKey({ host: undefined, key, env, saved: two }, host)).toBe(chosen);
  });

  it.each(['http://a.example.com', 'https://a.example.com:8443', 'https://a.example.com/base', 'https://c.example.com'])(
    'saved for another address is not sent to %s',
    (host) => {
      expect(() => chooseKey({ host: undefined, key: undefined, env: {}, saved: two }, host)).toThrow(
        expect.objectContaining({ code: 'ERR_CLI_KEY_MISSING' }),
      );
    },
  );
});

it.each([
  ['http://runlayer.example.com', true],
  ['http://10.0.0.1:8000', true],
  ['http://localhost:8000', false],
  ['http://127.0.0.1:8000', false],
  ['http://[::1]:8000', false],
  ['https://runlayer.example.com', false],
])('a key sent to %s can be read on the way: %s', (host, readable) => {
  expect(isPlainRemote(host)).toBe(readable);
});
