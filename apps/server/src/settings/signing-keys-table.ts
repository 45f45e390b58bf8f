// The settings of the keys that sign identity tokens: how long a new key is published first, and how often it changes.
import { integer, setting } from './setting.ts';

/** The settings of signing keys, in the order of the documentation. */
export const signingKeysTable = {
  keyLeadSeconds: setting({
    env: 'RUNLAYER_KEY_LEAD_SECONDS',
    key: 'key_lead_seconds',
    about:
      'Seconds that a new key of identity tokens is published before it signs, so that every verifier has it by then. Caches may keep the published keys for a third of it, at most 300 seconds. The same on all servers of a database.',
    fallback: '`900`',
    read: integer(2, 86_400),
  }),
  keyRotationDays: setting({
    env: 'RUNLAYER_KEY_ROTATION_DAYS',
    key: 'key_rotation_days',
    about: 'Days after which the key of identity tokens is changed; `0` for by command only (`runlayer-server keys rotate`).',
    fallback: '`30`',
    read: integer(0, 3_650),
  }),
} as const;
