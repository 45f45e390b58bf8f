// Asks an address itself whether somebody is there: all that can be known while AWS does not answer.
import { connect } from 'node:net';
import type { Endpoint } from '@runlayer/provisioner';

/** What an address says: a connection came about, it was refused or led nowhere, or nothing came in time. */
export type Reply = 'there' | 'refused' | 'silent';

/** How long a connection may take, milliseconds. Less than until its first packet is sent again: that one may find somebody else. */
const longestMs = 500;

/** Tries to connect. Nothing is sent. */
export function knock({ host, port }: Pick<Endpoint, 'host' | 'port'>): Promise<Reply> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (reply: Reply) => (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(reply);
    };
    // A process that stood still hears of its timers first: what came meanwhile is heard after them, and counts.
    const timer = setTimeout(() => setImmediate(() => setImmediate(settle('silent'))), longestMs);
    socket.on('connect', settle('there')).on('error', settle('refused'));
  });
}
