// Handlers of the keys that sign identity tokens.
import { contract } from '@runlayer/api';
import type { App } from '../http/environment.ts';
import { wireRotation, wireSigningKey } from '../wire/signing-keys.ts';
import type { Parts } from './parts.ts';

/** Registers the routes of signing keys. */
export function registerSigningKeys(app: App, { controlPlane: { signingKeys } }: Parts): void {
  app.openapi(contract.listSigningKeys, async (c) => {
    const keys = await signingKeys.list(c.get('principal'));
    return c.json({ data: keys.map(wireSigningKey), count: keys.length }, 200);
  });
  app.openapi(contract.rotateSigningKeys, async (c) =>
    c.json(wireRotation(await signingKeys.rotate(c.get('principal'), c.req.valid('json'))), 200),
  );
  app.openapi(contract.revokeSigningKey, async (c) =>
    c.json(wireSigningKey(await signingKeys.revoke(c.get('principal'), c.req.valid('param').kid)), 200),
  );
}
