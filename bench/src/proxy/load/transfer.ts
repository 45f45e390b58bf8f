// Moves bytes through a proxy, at full speed to the end or slowly for some time, and prints how many.
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { requestHeaders } from '../identity.ts';

export type Direction = 'download' | 'upload' | 'download-slowly' | 'upload-slowly';

const { BASE = '', DIRECTION, BYTES = '0', SECONDS = '0' } = process.env;
const bytes = Number(BYTES);
const piece = Buffer.alloc(65_536, 'y');
/** A slow reader takes one piece in so many milliseconds. */
const slowMs = 50;
const headers = { ...requestHeaders, 'content-type': 'application/octet-stream' };

if (DIRECTION?.startsWith('download') === true) download();
else upload(DIRECTION ?? '');
// A slow transfer is never finished, so it is left.
if (DIRECTION?.endsWith('slowly') === true) setTimeout(() => process.exit(0), Number(SECONDS) * 1000);

function download(): void {
  request(`${BASE}/download?bytes=${bytes}`, { headers }, (response) => {
    let received = 0;
    response.on('data', (chunk: Buffer) => {
      received += chunk.length;
      if (DIRECTION !== 'download-slowly') return;
      response.pause();
      setTimeout(() => response.resume(), slowMs);
    });
    response.on('end', () => finish(response, received));
  }).end();
}

function upload(path: string): void {
  const call = request(`${BASE}/${path}`, { method: 'POST', headers: { ...headers, 'content-length': bytes } }, (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (part: string) => (text += part));
    response.on('end', () => finish(response, Number(text)));
  });
  write(call, bytes);
}

function write(call: ClientRequest, left: number): void {
  let rest = left;
  while (rest > 0) {
    const next = rest >= piece.length ? piece : piece.subarray(0, rest);
    rest -= next.length;
    if (!call.write(next)) return void call.once('drain', () => write(call, rest));
  }
  call.end();
}

function finish({ statusCode }: IncomingMessage, moved: number): void {
  if (statusCode !== 200 || moved !== bytes) throw new Error(`${DIRECTION} at ${BASE}: status ${statusCode}, ${moved} of ${bytes} bytes.`);
  process.exit(0);
}
