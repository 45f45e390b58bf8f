// The case that no verb shows the value of a secret.
import assert from 'node:assert/strict';
import { apply, ask, next, serve, withDeployment } from './driving.ts';
import type { CaseBody } from './harness.ts';

const canary = 'canary-"quoted"-first-line\nsecond canary line';

/** Failures whose evidence holds what a container or its health check wrote. */
const talkative = ['exited_at_start', 'unhealthy', 'wrong_port'] as const;

export const secrecyCases: Readonly<Record<string, CaseBody>> = {
  'no value of a secret is in a plan, an event or a status, even when the container prints it': withDeployment(
    async (harness, provisioner, base) => {
      const shown: unknown[] = [];
      const spec = { ...base, secrets: { CANARY: canary } };
      shown.push(await provisioner.plan(spec), await apply(provisioner, spec), await provisioner.status(spec.deploymentId));
      await ask(await serve(provisioner, spec), `/log/${encodeURIComponent(canary.split('\n')[0]!)}`);
      shown.push(await provisioner.plan(next(spec, { secrets: { CANARY: `${canary} changed` } })));
      for (const code of talkative) {
        const bad = harness.specs.failing[code]?.();
        if (bad === undefined) continue;
        shown.push(await apply(provisioner, { ...bad, deploymentId: spec.deploymentId, secrets: { ...bad.secrets, CANARY: canary } }));
      }
      shown.push(await provisioner.status(spec.deploymentId));
      const text = JSON.stringify(shown);
      for (const part of ['first-line', 'second canary line']) assert.ok(!text.includes(part), `"${part}" is shown`);
    },
  ),
};
