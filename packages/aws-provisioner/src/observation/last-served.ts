// Where deployments were last seen to serve, for the time in which AWS does not answer: ECS goes on without those who ask it,
// so callers should too. An address counts only as long as it was vouched for without a gap, so that nobody is sent to
// the task that has it next: by the lists of ECS, and while these cannot be had, by a connection every few seconds.
import type { Endpoint, WorkloadStatus } from '@runlayer/provisioner';
import type { Reply } from './vouching.ts';

/** Where callers go from now on. */
export interface Switched {
  readonly releaseId: string;
  readonly endpoints: readonly Endpoint[];
  /** Whether those that served until now go on with their sessions. */
  readonly keepsFormer: boolean;
  /** ISO 8601. */
  readonly at: string;
}

/** What served. */
export interface LastServed {
  /** What a look has shown; one that shows nothing that serves ends the memory of it. */
  note(deploymentId: string, status: WorkloadStatus): void;
  /** A release has sent callers elsewhere. */
  switched(deploymentId: string, to: Switched): void;
  forget(deploymentId: string): void;
  /** A task has ended. */
  strike(deploymentId: string, taskId: string): void;
  /** The cluster was listed, and every task that was not struck is there. */
  heard(): void;
  /** Tries all addresses. */
  vouch(): Promise<void>;
  /** Deployments that lost an address which did not take connections, since this was asked last. */
  lost(): string[];
  /** Tasks that served and whose addresses take no connections now; they are struck off. */
  silent(deploymentId: string): Promise<string[]>;
  has(deploymentId: string): boolean;
  /** What served, less what does not take connections now; nothing when it was not vouched for lately, or nothing is left. */
  recall(deploymentId: string): Promise<WorkloadStatus | undefined>;
}

interface Entry {
  status: WorkloadStatus;
  sureAt: number;
}

/** An address that nobody has vouched for in this time may be somebody else's. On Fargate a task takes longer to start. */
const longestGapMs = 10_000;
const most = 10_000;
const mostAtOnce = 50;

/** @param knock Tries whether an address takes connections. */
export function createLastServed(knock: (endpoint: Endpoint) => Promise<Reply>, now: () => number = () => performance.now()): LastServed {
  const entries = new Map<string, Entry>();
  const untold = new Set<string>();
  let heardAt = -Infinity;

  function keep(deploymentId: string, entry: Entry, stays: (endpoint: Endpoint) => boolean): boolean {
    const { endpoints, draining = [] } = entry.status;
    const left = { endpoints: endpoints.filter(stays), draining: draining.filter(stays) };
    const lost = left.endpoints.length + left.draining.length < endpoints.length + draining.length;
    if (lost) entry.status = { ...entry.status, ...left };
    // What was seen anew meanwhile is not this look's to remove.
    if (left.endpoints.length === 0 && entries.get(deploymentId) === entry) entries.delete(deploymentId);
    return lost;
  }
  async function vouchFor(deploymentId: string, entry: Entry): Promise<void> {
    const at = now();
    const isOld = at - Math.max(entry.sureAt, heardAt) > longestGapMs;
    const silent = new Set(await those(entry, (reply) => isOld || reply !== 'there'));
    entry.sureAt = Math.max(entry.sureAt, at);
    if (keep(deploymentId, entry, ({ instance }) => !silent.has(instance))) untold.add(deploymentId);
  }
  function strike(deploymentId: string, taskId: string): void {
    const entry = entries.get(deploymentId);
    if (entry !== undefined) keep(deploymentId, entry, ({ instance }) => instance !== taskId);
  }
  /** Tasks whose addresses reply so. */
  async function those({ status }: Entry, are: (reply: Reply) => boolean): Promise<string[]> {
    const all = [...status.endpoints, ...(status.draining ?? [])];
    const replies = await Promise.all(all.map(knock));
    return all.filter((_, index) => are(replies[index]!)).map(({ instance }) => instance);
  }
  return {
    note(deploymentId, status) {
      if (status.state === 'unknown') return;
      entries.delete(deploymentId);
      if (status.state !== 'serving') return;
      entries.set(deploymentId, { status, sureAt: now() });
      if (entries.size > most) entries.delete(entries.keys().next().value as string);
    },
    forget: (deploymentId) => void entries.delete(deploymentId),
    strike,
    heard: () => void (heardAt = now()),
    switched(deploymentId, { releaseId, endpoints, keepsFormer, at }) {
      const former = entries.get(deploymentId)?.status;
      const here = new Set(endpoints.map(({ instance }) => instance));
      const others = keepsFormer && former !== undefined ? [...former.endpoints, ...(former.draining ?? [])] : [];
      const draining = others.filter(({ instance }) => !here.has(instance));
      this.note(deploymentId, { state: 'serving', releaseId, endpoints, draining, outputs: former?.outputs ?? {}, observedAt: at });
    },
    async vouch() {
      const all = [...entries];
      for (let at = 0; at < all.length; at += mostAtOnce) {
        const some = all.slice(at, at + mostAtOnce);
        await Promise.all(some.map(([id, entry]) => vouchFor(id, entry)));
      }
    },
    lost() {
      const found = [...untold];
      untold.clear();
      return found;
    },
    async silent(deploymentId) {
      const entry = entries.get(deploymentId);
      const found = entry === undefined ? [] : await those(entry, (reply) => reply !== 'there');
      for (const taskId of found) strike(deploymentId, taskId);
      if (found.length > 0) untold.add(deploymentId);
      return found;
    },
    has: (deploymentId) => entries.has(deploymentId),
    async recall(deploymentId) {
      const entry = entries.get(deploymentId);
      if (entry === undefined) return undefined;
      await vouchFor(deploymentId, entry);
      return entry.status.endpoints.length === 0 ? undefined : entry.status;
    },
  };
}
