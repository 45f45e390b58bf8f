// Secrets on emulators: one for each set of values, never written over, found again after anything.
import { randomUUID } from 'node:crypto';
import { CreateSecretCommand, DeleteSecretCommand, GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describeWith } from '@runlayer/test-services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, emulatorMissing, startMinistack, startMoto } from '../../fixtures/emulator.ts';
import { intercept, refusal } from '../../fixtures/interception.ts';
import { contextOf, credentials, platformOptions } from '../../fixtures/platform.ts';
import type { AwsContext } from '../calls/context.ts';
import type { AwsProvisionerOptions } from '../options.ts';
import { ensureEnvSecret, envSecretFailure, listEnvSecrets, readEnvSecret, remainingEnvSecrets, removeEnvSecrets } from './env-secret.ts';

const ids = (): { deploymentId: string; releaseId: string } => ({ deploymentId: randomUUID(), releaseId: randomUUID() });

describeWith(await emulatorMissing(), 'the secret of the variables', () => {
  describe.each([
    ['ministack', startMinistack],
    ['moto', startMoto],
  ])('on %s', (_name, start) => {
    let emulator: Emulator;
    let options: AwsProvisionerOptions;
    let ctx: AwsContext;
    let secrets: SecretsManagerClient;
    beforeAll(async () => {
      emulator = await start();
      options = await platformOptions(emulator);
      ctx = contextOf(options);
      secrets = new SecretsManagerClient({ region: 'us-east-1', endpoint: emulator.endpoint, credentials });
    });
    afterAll(() => emulator.stop());

    const textOf = async (SecretId = ''): Promise<string | undefined> =>
      (await secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString;

    it('is one for each set of values, and a former one keeps its own [AWS-4]', async () => {
      const first = { ...ids(), values: { TOKEN: 'old', B: '1' } };
      const old = await ensureEnvSecret(ctx, first);
      expect(await ensureEnvSecret(ctx, first)).toBe(old);
      const changed = await ensureEnvSecret(ctx, { ...first, releaseId: randomUUID(), values: { TOKEN: 'new' }, candidates: [old ?? ''] });
      const back = await ensureEnvSecret(ctx, {
        ...first,
        releaseId: randomUUID(),
        values: { B: '1', TOKEN: 'old' },
        candidates: [changed ?? '', old ?? ''],
      });
      expect([await textOf(old), await textOf(changed), back]).toEqual(['{"B":"1","TOKEN":"old"}', '{"TOKEN":"new"}', old]);
      expect((await listEnvSecrets(ctx, first.deploymentId)).map(({ name }) => name.includes('old'))).toEqual([false, false]);
    });

    it('is not there any more once it is deleted, though a list names it still', async () => {
      const first = { ...ids(), values: { TOKEN: 'x' } };
      await ensureEnvSecret(ctx, first);
      let listed = '';
      const calls = intercept(({ operation }) =>
        operation === 'ListSecrets' ? { rewrite: (answer) => (listed = listed === '' ? answer : listed) } : 'pass',
      );
      const lagging = contextOf({ ...options, requestHandler: calls.requestHandler });
      expect(await remainingEnvSecrets(lagging, first.deploymentId)).toHaveLength(1);
      await removeEnvSecrets(ctx, first.deploymentId);
      expect(await listEnvSecrets(lagging, first.deploymentId)).toHaveLength(1);
      expect(await remainingEnvSecrets(lagging, first.deploymentId)).toEqual([]);
    });

    it('is another one when a release comes again with other values', async () => {
      const wanted = ids();
      const [one, two] = [
        await ensureEnvSecret(ctx, { ...wanted, values: { A: '1' } }),
        await ensureEnvSecret(ctx, { ...wanted, values: { A: '2' } }),
      ];
      expect([await textOf(one), await textOf(two)]).toEqual(['{"A":"1"}', '{"A":"2"}']);
      expect(await ensureEnvSecret(ctx, { ...wanted, values: { A: '2' } })).toBe(two);
    });

    it('is none where there are no values', async () => {
      expect(await ensureEnvSecret(ctx, { ...ids(), values: {} })).toBeUndefined();
    });

    it.each([
      ['the same values', { A: '1' }],
      ['other values', { A: '2' }],
    ])('is taken up again when it was scheduled for deletion, with %s', async (_case, values) => {
      const wanted = ids();
      const arn = await ensureEnvSecret(ctx, { ...wanted, values: { A: '1' } });
      await secrets.send(new DeleteSecretCommand({ SecretId: arn, RecoveryWindowInDays: 7 }));
      expect(await readEnvSecret(ctx, arn ?? '')).toBeUndefined();
      expect(await ensureEnvSecret(ctx, { ...wanted, values })).toBe(arn);
      expect(await textOf(arn)).toBe(JSON.stringify(values));
    });

    it('of somebody else is neither read nor removed', async () => {
      const wanted = ids();
      const Name = `${ctx.names(wanted.deploymentId).secretPrefix}${wanted.releaseId}`;
      await secrets.send(new CreateSecretCommand({ Name, SecretString: '{"A":"1"}' }));
      await expect(ensureEnvSecret(ctx, { ...wanted, values: { A: '1' } })).rejects.toMatchObject({ code: 'ERR_AWS_FOREIGN_OWNER' });
      expect(await removeEnvSecrets(ctx, wanted.deploymentId)).toEqual([]);
      expect(await textOf(Name)).toBe('{"A":"1"}');
    });

    it('is removed unless it is to be kept, also while its removal waits, and its name is free at once', async () => {
      const wanted = ids();
      const make = (A: string): Promise<string | undefined> => ensureEnvSecret(ctx, { ...wanted, values: { A } });
      const [one, two, three] = [await make('1'), await make('2'), await make('3')];
      await secrets.send(new DeleteSecretCommand({ SecretId: one, RecoveryWindowInDays: 7 }));
      expect((await removeEnvSecrets(ctx, wanted.deploymentId, { keep: [two ?? ''] })).toSorted()).toEqual(
        [one ?? '', three ?? ''].toSorted(),
      );
      expect((await listEnvSecrets(ctx, wanted.deploymentId)).map(({ arn }) => arn)).toEqual([two]);
      await removeEnvSecrets(ctx, wanted.deploymentId, { known: [three ?? '', 'arn:aws:secretsmanager:us-east-1:1:secret:other-AbCdEf'] });
      expect(await listEnvSecrets(ctx, wanted.deploymentId)).toEqual([]);
      expect(await textOf(await make('1'))).toBe('{"A":"1"}');
    });

    it('outlasts a lost answer, and a name that is still being deleted', async () => {
      const wanted = { ...ids(), values: { A: '1' } };
      const deleting = refusal(
        'InvalidRequestException',
        'You can’t create this secret because a secret with this name is already scheduled for deletion.',
      );
      const calls = intercept((seen, before) => {
        const count = before.filter(({ operation }) => operation === 'CreateSecret').length;
        if (seen.operation !== 'CreateSecret' || count > 3) return 'pass';
        return count === 3 ? 'lost' : { refuse: deleting };
      });
      const arn = await ensureEnvSecret(contextOf({ ...options, requestHandler: calls.requestHandler }), wanted);
      expect((await listEnvSecrets(ctx, wanted.deploymentId)).map((secret) => secret.arn)).toEqual([arn]);
    });
  });
});

it('says before anything is made that variables are too large, and no value of them', () => {
  expect(envSecretFailure({ A: 'x'.repeat(60_000) })).toBeUndefined();
  const failure = envSecretFailure({ A: 'geheim'.repeat(12_000) });
  expect(failure?.code).toBe('unsupported');
  expect(JSON.stringify(failure)).not.toContain('geheim');
});
