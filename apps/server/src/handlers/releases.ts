// Handlers of releases: trigger, follow, read logs.
import { contract, type WireContainerLogLine } from '@runlayer/api';
import type { App } from '../http/environment.ts';
import { pageRequest, wirePage } from '../wire/page.ts';
import { wireRelease, wireStatus, wireTriggered } from '../wire/release.ts';
import type { Parts } from './parts.ts';

const defaultTail = 200;

/** Registers the routes of releases. */
export function registerReleases(app: App, { controlPlane: { deployments, releases } }: Parts): void {
  app.openapi(contract.getRelease, async (c) => c.json(wireRelease(await releases.get(c.get('principal'), c.req.valid('param').id)), 200));
  app.openapi(contract.releaseLogs, async (c) => {
    const { text, lines } = await releases.log(c.get('principal'), c.req.valid('param').id, { after: c.req.valid('query').after });
    return c.json({ logs: text, lines }, 200);
  });
  app.openapi(contract.triggerDeployment, async (c) => {
    const options = { idempotencyKey: c.req.valid('header')['idempotency-key'] };
    return c.json(wireTriggered(await deployments.trigger(c.get('principal'), c.req.valid('param').id, options)), 202);
  });
  app.openapi(contract.deploymentStatus, async (c) =>
    c.json(wireStatus(await deployments.status(c.get('principal'), c.req.valid('param').id)), 200),
  );
  app.openapi(contract.listReleases, async (c) => {
    const page = await releases.list(c.get('principal'), c.req.valid('param').id, pageRequest(c.req.valid('query')));
    return c.json(wirePage(page, wireRelease), 200);
  });
  app.openapi(contract.containerLogs, async (c) => {
    const { tail = defaultTail, since } = c.req.valid('query');
    const lines: WireContainerLogLine[] = [];
    const options = { tail, since, signal: AbortSignal.any([c.req.raw.signal, AbortSignal.timeout(10_000)]) };
    for await (const { time, stream, line } of deployments.logs(c.get('principal'), c.req.valid('param').id, options)) {
      lines.push({ time, stream, line });
      if (lines.length >= tail) break;
    }
    return c.json({ lines }, 200);
  });
}
