// A process of its own that holds a data folder and hangs in the middle of a release until it is killed.
import type { Provisioner } from '@runlayer/provisioner';
import { createMemoryProvisioner } from '@runlayer/provisioner/memory';
import { createControlPlane } from '../control-plane.ts';
import { openDatabase } from '../database/open-database.ts';
import { createSealer } from '../sealing/create-sealer.ts';

const [dataDir = '', sealKey = '', adminApiKey = '', yaml = ''] = process.argv.slice(2);
const provisioner: Provisioner = {
  ...createMemoryProvisioner(),
  async *apply(spec) {
    yield { type: 'step', step: 'hang', message: 'Hanging.' };
    process.stdout.write(`${spec.releaseId}\n`);
    await new Promise((resolve) => setTimeout(resolve, 3_600_000));
  },
};
const control = await createControlPlane({
  database: await openDatabase({ dataDir }),
  provisioner,
  images: { resolve: async (reference) => ({ image: `sha256:${reference}`, platform: 'x86' }) },
  sealer: createSealer([Buffer.from(sealKey, 'hex')]),
  platformUrl: 'https://mcp.example.com',
  bootstrap: { adminApiKey },
});
const admin = await control.authenticate(adminApiKey);
if (admin === undefined) throw new Error('the admin is unknown');
await control.start();
const { id } = await control.deployments.create(admin, { name: 'notes' });
await control.deployments.update(admin, id, { yaml });
await control.deployments.trigger(admin, id);
