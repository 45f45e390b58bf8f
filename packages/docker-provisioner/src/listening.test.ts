import { expect, it } from 'vitest';
import { listenerText, parseListeners } from './listening.ts';

const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const rest = '00000000:00000000 00:00000000 00000000     0        0 12345 1 0000000000000000 100 0 0 10 0';
const v4 = (local: string, state = '0A'): string => `   0: ${local} 00000000:0000 ${state} ${rest}\n`;
const v6 = (local: string): string => `   1: ${local} 00000000000000000000000000000000:0000 0A ${rest}\n`;

it.each([
  ['every address', v4('00000000:1F40'), ['8000']],
  ['every address of both families', v6('00000000000000000000000000000000:1F90'), ['8080']],
  ['an address of the container', v4('020012AC:1F40'), ['8000']],
  ['loopback', v4('0100007F:1F40'), ['127.0.0.1:8000']],
  ['loopback in IPv6', v6('00000000000000000000000001000000:1F40'), ['127.0.0.1:8000']],
  ['loopback mapped into IPv6', v6('0000000000000000FFFF00000100007F:1F40'), ['127.0.0.1:8000']],
  ['several, each once, in order', v4('00000000:2328') + v4('00000000:0050') + v6('00000000000000000000000000000000:0050'), ['80', '9000']],
  ["nothing but Docker's own name server", v4('0B00007F:A3F1'), []],
  ['connections that are not listening', v4('00000000:1F40', '01'), []],
  ['nothing', '', []],
  ['something else entirely', 'cat: /proc/net/tcp: No such file\n', []],
])('finds %s', (_name, lines, expected) => {
  expect(parseListeners(head + lines).map(listenerText)).toEqual(expected);
});
