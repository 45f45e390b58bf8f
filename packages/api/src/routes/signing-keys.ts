// Routes of the keys that sign identity tokens: look, rotate, revoke.
import { createRoute, z } from '@hono/zod-openapi';
import { admins, allow } from '../access.ts';
import * as shape from '../shapes/signing-keys.ts';
import { json, problems } from './answers.ts';

const base = '/api/v1/signing-keys';
const tags = ['Signing keys'];

export const listSigningKeys = createRoute({
  method: 'get',
  path: base,
  operationId: 'listSigningKeys',
  summary: 'List the keys of identity tokens on one page, those in use and the last others',
  tags,
  ...allow(admins),
  responses: {
    200: json(shape.SigningKeyPageShape, 'The keys, newest first: those in use and the last 50 of the others'),
    ...problems(401, 403, 503),
  },
});

export const rotateSigningKeys = createRoute({
  method: 'post',
  path: `${base}/rotate`,
  operationId: 'rotateSigningKeys',
  summary: 'Let the next key sign, as soon as every verifier has it',
  description: 'Does it at once where that is safe. Otherwise the wish is kept, and a server does it when the time has come.',
  tags,
  ...allow(admins),
  request: { body: { required: false, content: { 'application/json': { schema: shape.RotateSigningKeysShape } } } },
  responses: {
    200: json(shape.SigningKeyRotationShape, 'Which key signs, or from when it will'),
    ...problems(400, 401, 403, 409, 413, 415, 422, 503),
  },
});

export const revokeSigningKey = createRoute({
  method: 'post',
  path: `${base}/{kid}/revoke`,
  operationId: 'revokeSigningKey',
  summary: 'Take a key away at once: it leaves the published set, and the next one signs',
  description: 'Verifiers believe it until they fetch the set again. A key that was revoked already is answered as it is.',
  tags,
  ...allow(admins),
  request: { params: z.object({ kid: z.string() }) },
  responses: { 200: json(shape.SigningKeyShape, 'The key, revoked'), ...problems(401, 403, 404, 503) },
});
