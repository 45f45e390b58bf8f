// Loaded into the conformance suite, which cannot be told to send headers: adds the platform's key to its calls of one origin.
// The suite calls with fetch, with undici's request and with node:http. Each of them announces a request before it is sent.
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

/** @see https://github.com/nodejs/undici/blob/main/docs/docs/api/DiagnosticsChannel.md */
interface UndiciRequest {
  readonly origin: string | URL;
  addHeader(name: string, value: string): void;
}

const header = 'x-runlayer-api-key';
const { CONFORMANCE_ORIGIN: origin, CONFORMANCE_KEY: key = '' } = process.env;

subscribe('undici:request:create', (message) => {
  const { request } = message as { request: UndiciRequest };
  if (new URL(request.origin).origin === origin) request.addHeader(header, key);
});

subscribe('http.client.request.created', (message) => {
  const { request } = message as { request: ClientRequest };
  if (`${request.protocol}//${String(request.getHeader('host'))}` === origin) request.setHeader(header, key);
});
