// A person at an MCP client that logs in: what the client remembers, and the browser in which the person allows it.
import {
  UnauthorizedError as Unauthorized2,
  Client as Client2,
  StreamableHTTPClientTransport as Transport2,
} from '@modelcontextprotocol/client';
import { UnauthorizedError as Unauthorized1 } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as Transport1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { identity, textOf } from './clients/session.ts';

export interface Tokens {
  readonly access_token: string;
  readonly token_type: string;
  readonly refresh_token?: string;
  readonly scope?: string;
  readonly issuer?: string;
}

/** Everything that a client stores, in memory, and the address that it would open in a browser. */
export interface Remembered {
  client: { readonly client_id: string } | undefined;
  tokens: Tokens | undefined;
  verifier: string;
  opened: URL | undefined;
  discovered: unknown;
}

const redirectUri = 'http://127.0.0.1:9/callback';

function nothingYet(): Remembered {
  return { client: undefined, tokens: undefined, verifier: '', opened: undefined, discovered: undefined };
}

/** The same for both generations. */
function createProvider(remembered: Remembered) {
  return {
    redirectUrl: redirectUri,
    clientMetadata: { client_name: 'Test client', redirect_uris: [redirectUri], token_endpoint_auth_method: 'none' },
    state: () => 'state-of-the-client',
    clientInformation: () => remembered.client,
    saveClientInformation: (client: { readonly client_id: string }) => void (remembered.client = client),
    tokens: () => remembered.tokens,
    saveTokens: (tokens: Tokens) => void (remembered.tokens = tokens),
    redirectToAuthorization: (address: URL) => void (remembered.opened = address),
    saveCodeVerifier: (verifier: string) => void (remembered.verifier = verifier),
    codeVerifier: () => remembered.verifier,
    saveDiscoveryState: (state: unknown) => void (remembered.discovered = state),
    discoveryState: () => remembered.discovered as undefined,
  };
}

/** A client that is logged in. */
export interface LoggedIn {
  readonly remembered: Remembered;
  whoami(): Promise<unknown>;
  close(): Promise<void>;
}

export type LogIn = (url: string, headers: Record<string, string>, person: string) => Promise<LoggedIn>;

async function logIn1(url: string, headers: Record<string, string>, person: string): Promise<LoggedIn> {
  const remembered = nothingYet();
  const options = { authProvider: createProvider(remembered), requestInit: { headers } };
  const first = new Transport1(new URL(url), options);
  await expectLogin(new Client1(identity).connect(first), Unauthorized1);
  await first.finishAuth((await allow(remembered.opened as URL, person)).get('code') ?? '');
  const client = new Client1(identity);
  await client.connect(new Transport1(new URL(url), options));
  const whoami = async (): Promise<unknown> => JSON.parse(textOf(await client.callTool({ name: 'whoami', arguments: {} })));
  return { remembered, whoami, close: () => client.close() };
}

async function logIn2(url: string, headers: Record<string, string>, person: string): Promise<LoggedIn> {
  const remembered = nothingYet();
  const options = { authProvider: createProvider(remembered), requestInit: { headers } };
  const first = new Transport2(new URL(url), options);
  await expectLogin(new Client2(identity).connect(first), Unauthorized2);
  await first.finishAuth(await allow(remembered.opened as URL, person));
  const client = new Client2(identity);
  await client.connect(new Transport2(new URL(url), options));
  const whoami = async (): Promise<unknown> => JSON.parse(textOf(await client.callTool({ name: 'whoami', arguments: {} })));
  return { remembered, whoami, close: () => client.close() };
}

/** Each generation by name. */
export const logIns: readonly (readonly [string, LogIn])[] = [
  ['TypeScript SDK 1.x', logIn1],
  ['TypeScript SDK 2.x', logIn2],
];

async function expectLogin(connecting: Promise<void>, Unauthorized: new (...args: never[]) => Error): Promise<void> {
  const outcome: unknown = await connecting.then(
    () => 'connected without a login',
    (error: unknown) => error,
  );
  if (!(outcome instanceof Unauthorized)) throw outcome;
}

/** Opens the consent page as a browser does, without any key, and allows. Gives what the redirect brings back to the client. */
export async function allow(address: URL, person: string): Promise<URLSearchParams> {
  const page = await fetch(address, { redirect: 'manual' });
  const secret = /name="secret" value="([^"]+)"/.exec(await page.text())?.[1] ?? '';
  const action = new URL('consent', address);
  // A page in a sandbox has no origin, which browsers say as `null`.
  const sent = await fetch(action, {
    method: 'POST',
    headers: { origin: 'null' },
    body: new URLSearchParams({ secret, name: person, decision: 'allow' }),
    redirect: 'manual',
  });
  const back = new URL(sent.headers.get('location') ?? 'about:blank');
  if (sent.status !== 303 || !back.href.startsWith(redirectUri)) throw new Error(`The consent page answered ${sent.status} ${back.href}`);
  return back.searchParams;
}
