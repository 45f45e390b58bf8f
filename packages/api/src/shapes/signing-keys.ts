// The keys that sign identity tokens, as an operator sees them: never their private half.
import { z } from '@hono/zod-openapi';
import { pageOf, Timestamp } from './page.ts';

export const SigningKeyShape = z
  .object({
    kid: z.string().describe('RFC 7638 thumbprint: the `kid` of tokens and of the published set.'),
    state: z
      .enum(['next', 'current', 'retired', 'removed', 'revoked'])
      .describe(
        '`next`: published, and does not sign yet. `current`: signs. `retired`: signs no more, and stays published while a token of it may be alive. `removed`: published no more. `revoked`: taken away by an operator.',
      ),
    created_at: Timestamp,
    published_at: Timestamp.describe('By when every server published it.'),
    signs_from: Timestamp.nullable().describe('When it began to sign; of `next`, when it is expected to.'),
    retired_at: Timestamp.nullable().describe('When another took its place.'),
    removed_at: Timestamp.nullable().describe('When it left the published set; of `retired`, when it is expected to.'),
    revoked_at: Timestamp.nullable(),
  })
  .openapi('SigningKey');

export const SigningKeyPageShape = pageOf(SigningKeyShape, 'SigningKeyPage');

export const RotateSigningKeysShape = z
  .strictObject({
    now: z
      .boolean()
      .optional()
      .describe(
        'Do not wait until every verifier has the next key: those that keep an older set may refuse tokens until they fetch again.',
      ),
  })
  .openapi('RotateSigningKeys');

export const SigningKeyRotationShape = z
  .object({
    done: z.boolean().describe('Whether `kid` signs already. If not, it will by itself, from `at`.'),
    kid: z.string().describe('The key that signs, or will.'),
    at: Timestamp.describe('Since when it signs, or from when.'),
  })
  .openapi('SigningKeyRotation');
