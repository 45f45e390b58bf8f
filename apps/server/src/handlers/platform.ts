// Handlers of the server itself: health, document, keys, telemetry.
import { contract, openApiDocument } from '@runlayer/api';
import { fail } from '../error-codes.ts';
import type { App } from '../http/environment.ts';
import { createJwksAnswer } from '../http/jwks-answer.ts';
import type { Parts } from './parts.ts';

/** @see https://prometheus.io/docs/instrumenting/exposition_formats/ */
const metricsMediaType = 'text/plain; version=0.0.4; charset=utf-8';

/** Registers the routes of the platform. */
export function registerPlatform(app: App, { controlPlane, readiness, metrics, version }: Parts): void {
  const document = { ...openApiDocument() } as Record<string, unknown>;
  app.openapi(contract.health, (c) => c.json({ status: 'ok' as const, version }, 200));
  app.openapi(contract.ready, async (c) => {
    const report = await readiness();
    return report.status === 'ready' ? c.json(report, 200) : c.json(report, 503);
  });
  app.get(contract.metrics.path, async () => new Response(await metrics(), { headers: { 'content-type': metricsMediaType } }));
  app.openapi(contract.openapi, (c) => c.json(document, 200, { 'cache-control': 'public, max-age=300' }));
  const jwks = createJwksAnswer(controlPlane.signingKeys);
  app.get(contract.jwks.path, (c) => jwks(c.req.header('if-none-match')));
  app.openapi(contract.telemetry, (c) => c.json({ accepted: true as const }, 202));
  app.post(contract.deviceAuthorize.path, () => {
    throw fail('ERR_DEVICE_LOGIN', 'This server has no login by device code.');
  });
}
