// A control plane on an emptied database, with the target in memory: what every test of the verbs stands on.
import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { onTestFinished } from 'vitest';
import type { MemoryBehaviour, MemoryTarget } from '@runlayer/provisioner/memory';
import { createMemoryProvisioner, createMemoryTarget } from '@runlayer/provisioner/memory';
import type { Provisioner, WorkloadSpec } from '@runlayer/provisioner';
import type { ControlPlane } from '../control-plane.ts';
import { createControlPlane } from '../control-plane.ts';
import type { Database } from '../database/database.ts';
import type { Deployment } from '../deployments/deployment.ts';
import type { ControlPlaneOptions } from '../options.ts';
import type { OrganizationKeyPrincipal, Principal, UserPrincipal } from '../principal.ts';
import type { Release } from '../releases/release.ts';
import { createSealer } from '../sealing/create-sealer.ts';

/** Key of the first admin in tests. */
export const adminKey = 'test-admin-key-0123456789';
/** The same for every bench: a second control plane on a database must open what the first sealed. */
export const sealKey: Buffer = randomBytes(32);
/** Short times, so that a takeover takes moments. */
export const quickWorker = { leaseMs: 600, pollMs: 40, retryDelaysMs: [5, 10], stopGraceMs: 200 };

/** What a test works with. */
export interface Bench {
  readonly database: Database;
  readonly control: ControlPlane;
  readonly provisioner: Provisioner;
  readonly target: MemoryTarget;
  /** Specs that were applied, oldest first. */
  readonly applied: WorkloadSpec[];
  readonly admin: UserPrincipal;
  readonly member: Principal;
  readonly deployKey: OrganizationKeyPrincipal;
}

/** What a bench may differ in. */
export type BenchOptions = Partial<Omit<ControlPlaneOptions, 'database'>> & {
  readonly behave?: ((spec: WorkloadSpec) => MemoryBehaviour) | undefined;
  /** Keep what is in the database: a second control plane on it. */
  readonly keep?: boolean | undefined;
};

/** A started-up control plane; its worker is not started. */
export async function createBench(database: Database, { behave, keep = false, ...options }: BenchOptions = {}): Promise<Bench> {
  if (!keep) await empty(database);
  const target = createMemoryTarget();
  const applied: WorkloadSpec[] = [];
  const memory = createMemoryProvisioner({ target, ...(behave === undefined ? {} : { behave }) });
  const provisioner: Provisioner = options.provisioner ?? {
    ...memory,
    apply(spec, given) {
      applied.push(spec);
      return memory.apply(spec, given);
    },
  };
  const control = await createControlPlane({
    images: { resolve: async (reference) => ({ image: `sha256:${reference}`, platform: 'x86' }) },
    sealer: createSealer([sealKey]),
    platformUrl: 'https://mcp.example.com/',
    worker: quickWorker,
    bootstrap: { adminApiKey: adminKey },
    ...options,
    database,
    provisioner,
  });
  // A worker that outlives its test would take the work of the next one.
  onTestFinished(() => control.stop());
  const { organizationId, adminUserId } = control.bootstrap;
  const admin: UserPrincipal = {
    type: 'user',
    organizationId,
    role: 'admin',
    userId: adminUserId,
    userEmail: 'admin@localhost',
    userName: 'Admin',
  };
  const member: Principal = {
    type: 'user',
    organizationId,
    role: 'member',
    userId: crypto.randomUUID(),
    userEmail: 'm@example.com',
    userName: 'M',
  };
  const deployKey: OrganizationKeyPrincipal = {
    type: 'organization_key',
    organizationId,
    role: 'deploy',
    keyId: crypto.randomUUID(),
    keyName: 'ci',
  };
  return { database, control, provisioner, target, applied, admin, member, deployKey };
}

/** Every table of ours, emptied. */
async function empty(database: Database): Promise<void> {
  await database.query((db) => db.execute(sql`truncate organizations cascade`));
}

/** A valid file. */
export function yaml(extra = '', image = 'image: demo/notes:1'): string {
  return `name: notes\n${image}\nservice:\n  port: 8000\n  path: /mcp\ninfrastructure:\n  cpu: 256\n  memory: 512\n${extra}`;
}

/** A deployment with something uploaded. */
export async function uploaded({ control, admin }: Bench, source = yaml()): Promise<Deployment> {
  const { id } = await control.deployments.create(admin, { name: 'notes' });
  return control.deployments.update(admin, id, { yaml: source });
}

/** Waits until a release has ended. */
export async function ended({ control, admin }: Bench, releaseId: string): Promise<Release> {
  return until(
    () => control.releases.get(admin, releaseId),
    ({ status }) => status !== 'queued' && status !== 'running',
  );
}

/** Waits until `isIt` holds of what `look` sees. */
export async function until<Seen>(look: () => Promise<Seen> | Seen, isIt: (seen: Seen) => boolean): Promise<Seen> {
  for (const end = Date.now() + 20_000; ;) {
    const seen = await look();
    if (isIt(seen)) return seen;
    if (Date.now() > end) throw new Error(`waited in vain; last seen: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Uploads, deploys and waits. */
export async function deployed(bench: Bench, source = yaml()): Promise<{ deployment: Deployment; release: Release }> {
  const { id } = await uploaded(bench, source);
  const release = await ended(bench, (await bench.control.deployments.trigger(bench.admin, id)).id);
  return { deployment: await bench.control.deployments.get(bench.admin, id), release };
}

/** A database that can be cut off, as it is from a process that was killed, and be there again. */
export function mortal(database: Database): { readonly database: Database; cut: () => void; restore: () => void } {
  let isCut = false;
  const refuse = () => {
    if (isCut) throw new Error('the database is cut off');
  };
  return {
    database: {
      ...database,
      query: async (work) => (refuse(), database.query(work)),
      transaction: async (work) => (refuse(), database.transaction(work)),
    },
    cut: () => void (isCut = true),
    restore: () => void (isCut = false),
  };
}
