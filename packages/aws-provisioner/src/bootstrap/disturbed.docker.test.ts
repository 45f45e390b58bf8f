// The bootstrap disturbed: killed at any call, with answers lost, while AWS lags behind or throttles, and beside another run of itself.
import { DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2';
import { describeWith } from '@runlayer/test-services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BootstrapStage, openBootstrapStage } from '../../fixtures/bootstrap-stage.ts';
import { dyingAt, type Mode, mutationsOf } from '../../fixtures/death.ts';
import { emulatorMissing } from '../../fixtures/emulator.ts';
import { intercept, type Try } from '../../fixtures/interception.ts';
import { type WireAnswer, wireRefusal, wireThrottle, wireUnavailable } from '../../fixtures/wire-answers.ts';
import { platformNamesOf } from '../platform-names.ts';
import { applyBootstrap, planBootstrap } from './bootstrap.ts';

const creations = [
  'CreateCluster',
  'CreateSecurityGroup',
  'CreatePolicy',
  'CreateRepository',
  'PutLifecyclePolicy',
  'CreateRole',
  'PutRolePolicy',
];

describeWith(await emulatorMissing(), 'the bootstrap, disturbed,', () => {
  let stage: BootstrapStage;
  beforeAll(async () => {
    stage = await openBootstrapStage();
  });
  afterAll(() => stage.close());
  const fresh: BootstrapStage['fresh'] = (more) => stage.fresh(more);

  describe.each<Mode>(['before', 'after', 'lost'])('killed %s a mutating call, or with its answer lost', (mode) => {
    it.concurrent.each(creations.map((operation, index): [string, number] => [operation, index + 1]))(
      'at %s, ends in the same state',
      async (_operation, at) => {
        const options = fresh();
        const death = dyingAt(at, mode);
        await applyBootstrap({ ...options, requestHandler: death.requestHandler }).catch((error: unknown) => {
          if (!death.isDead()) throw error;
        });
        await applyBootstrap(options);
        expect((await planBootstrap(options)).steps.filter(({ action }) => action !== 'none')).toEqual([]);
        const { SecurityGroups = [] } = await stage.clients.ec2.send(
          new DescribeSecurityGroupsCommand({
            Filters: [{ Name: 'group-name', Values: [platformNamesOf(options.environment).proxySecurityGroup] }],
          }),
        );
        expect(SecurityGroups).toHaveLength(1);
      },
    );
  });

  it.each<[string, string, (seen: Try) => WireAnswer]>([
    [
      'ECS does not know its service-linked role yet',
      'CreateCluster',
      (seen) => wireRefusal(seen, 'InvalidParameterException', 'Unable to assume the service linked role. Please verify that it exists.'),
    ],
    ['IAM does not know yet the role that it has made', 'PutRolePolicy', (seen) => wireRefusal(seen, 'NoSuchEntity', 'No such role.', 404)],
    [
      'ECR does not know yet the repository that it has made',
      'PutLifecyclePolicy',
      (seen) => wireRefusal(seen, 'RepositoryNotFoundException', 'None.'),
    ],
    ['IAM is asked too often', 'CreatePolicy', wireThrottle],
    ['nobody answers', 'CreateSecurityGroup', () => wireUnavailable(503)],
  ])('waits while %s', async (_name, operation, answer) => {
    const times = 3;
    const calls = intercept((seen, before) => {
      const refused = before.filter((one) => one.operation === operation).length;
      return seen.operation === operation && refused < times ? { answer: answer(seen) } : 'pass';
    });
    const options = fresh();
    await applyBootstrap({ ...options, requestHandler: calls.requestHandler, retryDelayMs: 5 });
    expect(calls.tries.filter((one) => one.operation === operation).length).toBeGreaterThan(times);
    expect((await planBootstrap(options)).steps.filter(({ action }) => action !== 'none')).toEqual([]);
  });

  it('takes up a role that ECS has made for itself in the meantime', async () => {
    let looks = 0;
    const hidden = (body: string): string => ((looks += 1) > 3 ? body : body.replace(/<member>[^]*<\/member>/, ''));
    const calls = intercept((seen) => {
      if (seen.operation === 'ListRoles') return { rewrite: hidden };
      const taken = 'Service role name AWSServiceRoleForECS has been taken in this account, please try a different suffix.';
      return seen.operation === 'CreateServiceLinkedRole' ? { answer: wireRefusal(seen, 'InvalidInput', taken) } : 'pass';
    });
    const { steps } = await applyBootstrap({ ...fresh(), requestHandler: calls.requestHandler });
    expect(mutationsOf(calls).filter((operation) => operation === 'CreateServiceLinkedRole').length).toBeGreaterThan(0);
    expect(steps[0]).toMatchObject({ resource: 'service-linked-role' });
  });

  it('ends with a code where AWS refuses for good', async () => {
    const calls = intercept((seen) =>
      seen.operation === 'CreateRepository' ? { answer: wireRefusal(seen, 'AccessDeniedException', 'You may not.') } : 'pass',
    );
    await expect(applyBootstrap({ ...fresh(), requestHandler: calls.requestHandler })).rejects.toMatchObject({ code: 'ERR_AWS_DENIED' });
  });

  it('converges when two run at once', async () => {
    const options = fresh();
    const results = await Promise.all([applyBootstrap(options), applyBootstrap(options)]);
    expect(results[0].outputs).toEqual(results[1].outputs);
    expect((await planBootstrap(options)).steps.filter(({ action }) => action !== 'none')).toEqual([]);
  });

  it('ends at its signal, between two calls', async () => {
    const stop = new AbortController();
    const options = fresh({ signal: stop.signal });
    const ended = applyBootstrap(options, () => stop.abort(new Error('enough')));
    await expect(ended).rejects.toThrow('enough');
    const { steps } = await planBootstrap({ ...options, signal: undefined });
    expect(steps.filter(({ action }) => action === 'create').length).toBe(5);
  });
});
