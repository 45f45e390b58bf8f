// Which TCP ports a container listens on, read from the kernel's tables: no shell in the image is needed.
import { readFile } from 'node:fs/promises';
import type Docker from 'dockerode';
import type { ContainerInspectInfo } from 'dockerode';
import { execOutput } from './exec-output.ts';

/** One listening socket. */
export interface Listener {
  readonly port: number;
  /** Whether only the container itself can reach it. */
  readonly loopback: boolean;
}

/** Slot, local address and port, remote address and port, state; state 0A is LISTEN. */
const listeningLine = /^\s*\d+:\s+([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})\s+[0-9A-F]+:[0-9A-F]{4}\s+0A\s/;

/** 127.0.0.11 in the kernel's byte order: the name server that Docker puts into every container. */
const dockerNameServer = '0B00007F';

/**
 * Reads the text of `/proc/net/tcp` and `/proc/net/tcp6`.
 * @see https://docs.kernel.org/networking/proc_net_tcp.html
 */
export function parseListeners(table: string): Listener[] {
  const found = new Map<string, Listener>();
  for (const line of table.split('\n')) {
    const [, address = '', hexPort = ''] = listeningLine.exec(line) ?? [];
    if (address === '' || address === dockerNameServer) continue;
    const listener = { port: Number.parseInt(hexPort, 16), loopback: isLoopback(address) };
    found.set(JSON.stringify(listener), listener);
  }
  return [...found.values()].sort((a, b) => a.port - b.port);
}

/** 127.x.x.x, ::1, and 127.x.x.x mapped into IPv6; each 32-bit group stands in the machine's (little) byte order. */
function isLoopback(address: string): boolean {
  const ipv4 = address.length === 8 ? address : /^0{16}FFFF0000([0-9A-F]{8})$/.exec(address)?.[1];
  return ipv4 === undefined ? address === '00000000000000000000000001000000' : ipv4.endsWith('7F');
}

/** `8080`, or `127.0.0.1:8080` where only the container itself reaches it. */
export function listenerText({ port, loopback }: Listener): string {
  return loopback ? `127.0.0.1:${port}` : String(port);
}

/** How long an answer is used again, milliseconds: looking inside a container costs a process in it. */
const reuseMs = 500;

/** Makes a reader of one container's ports, for use in a loop. It gives nothing where they cannot be read. */
export function listenersReader(docker: Docker): (info: ContainerInspectInfo) => Promise<readonly Listener[] | undefined> {
  let last: { readonly at: number; readonly listeners: readonly Listener[] | undefined } | undefined;
  return async (info) => {
    if (last !== undefined && performance.now() - last.at < reuseMs) return last.listeners;
    const tables = (await tablesFromHost(info)) ?? (await tablesFromInside(docker, info.Id));
    last = { at: performance.now(), listeners: tables === undefined ? undefined : parseListeners(tables) };
    return last.listeners;
  };
}

/** Reads them through the host's /proc, where the process with that id is the container's (it is not on another machine). */
async function tablesFromHost({ Id, State }: ContainerInspectInfo): Promise<string | undefined> {
  try {
    if (!(await readFile(`/proc/${State.Pid}/cgroup`, 'utf8')).includes(Id)) return undefined;
    const tables = ['tcp', 'tcp6'].map((name) => readFile(`/proc/${State.Pid}/net/${name}`, 'utf8').catch(() => ''));
    return (await Promise.all(tables)).join('\n');
  } catch {
    return undefined;
  }
}

/** For an engine on another machine: many images have `cat`. One without it just gives no answer. */
export async function tablesFromInside(docker: Docker, id: string): Promise<string | undefined> {
  const output = await execOutput(docker, id, ['cat', '/proc/net/tcp', '/proc/net/tcp6']).catch(() => '');
  return output.includes('local_address') ? output : undefined;
}
