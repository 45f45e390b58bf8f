// AWS that lags: what it does not know yet, has not let go of, or still shows. Every life ends as one without a lag.
import { describeWith } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { emulatorMissing } from '../../fixtures/emulator.ts';
import { intercept, type Interception } from '../../fixtures/interception.ts';
import {
  anyOf,
  changingServices,
  type Decide,
  early,
  missingService,
  misstarts,
  rewriting,
  rolloutState,
  staleAfter,
} from '../../fixtures/lags.ts';
import { type Act, type Life, live } from '../../fixtures/life.ts';
import { leftovers, nothing } from '../../fixtures/snapshot.ts';
import { openStage, type Stage } from '../../fixtures/stage.ts';
import { wireRefusal } from '../../fixtures/wire-answers.ts';
import { lowerTagList, tagsOf } from '../tags.ts';

type Refusal = readonly [code: string, message: string];

const unassumable: Refusal = [
  'ClientException',
  "ECS was unable to assume the role 'arn:aws:iam::000000000000:role/runlayer/default/x' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.",
];

/** What each call is refused with, one after the other, before it is let through. */
const refusals: Readonly<Record<string, readonly Refusal[]>> = {
  CreateRole: [
    ['ConcurrentModification', 'The request was rejected because multiple requests to change this object were submitted simultaneously.'],
  ],
  PutRolePolicy: [
    ['NoSuchEntity', 'The role with name x cannot be found.'],
    ['EntityTemporarilyUnmodifiable', 'The role is being modified.'],
  ],
  AuthorizeSecurityGroupIngress: [['InvalidGroup.NotFound', "The security group 'sg-1' does not exist"]],
  PutRetentionPolicy: [
    ['ResourceNotFoundException', 'The specified log group does not exist.'],
    ['OperationAbortedException', 'A conflicting operation is currently in progress against this resource. Please try again.'],
  ],
  CreateTable: [
    ['LimitExceededException', 'Subscriber limit exceeded: Only 500 tables can be created, updated, or deleted simultaneously.'],
    ['ResourceInUseException', 'Table is being deleted'],
  ],
  UpdateTimeToLive: [['ResourceInUseException', 'Attempt to change a resource which is still in use: Table is being updated: x']],
  UpdateContinuousBackups: [
    ['ContinuousBackupsUnavailableException', 'Backups are being enabled for the table: x. Please retry later'],
    ['TableNotFoundException', 'Table not found: x'],
  ],
  CreateSecret: [
    ['InvalidRequestException', "You can't create this secret because a secret with this name is already scheduled for deletion."],
  ],
  RegisterTaskDefinition: [
    ['ClientException', 'Role is not valid'],
    ['ClientException', 'Too many concurrent attempts to create a new revision of the specified family.'],
  ],
  CreateService: [
    ['InvalidParameterException', 'Unable to assume the service linked role. Please verify that the ECS service linked role exists.'],
    ['InvalidParameterException', 'Unable to Start a service that is still Draining.'],
    unassumable,
  ],
  RunTask: [unassumable, ['InvalidParameterException', unassumable[1]]],
  UpdateService: [['ServiceNotFoundException', 'Service not found.']],
  DeleteSecurityGroup: [
    ['DependencyViolation', 'resource sg-1 has a dependent object'],
    ['DependencyViolation', 'resource sg-1 has a dependent object'],
  ],
  DeleteSecret: [['InvalidRequestException', "You can't perform this operation on the secret because it was marked for deletion."]],
  UpdateTable: [['ResourceInUseException', 'Attempt to change a resource which is still in use: Table is being updated: x']],
  DeleteTable: [
    ['ValidationException', 'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.'],
  ],
  DeleteRolePolicy: [['ConcurrentModification', 'Try again.']],
  DeleteRole: [['DeleteConflict', 'Cannot delete entity, must delete policies first.']],
  DeleteLogGroup: [
    ['OperationAbortedException', 'A conflicting operation is currently in progress against this resource. Please try again.'],
  ],
};

const stopped = unassumable[1];
const noPermission =
  'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: AccessDeniedException: User: x is not authorized to perform: secretsmanager:GetSecretValue';

/** Lags of what is read, made anew for each act. */
const lags: readonly { name: string; of: (act: Act, deploymentId: string) => Decide }[] = [
  {
    name: 'a service that is MISSING just after it was created',
    of: () => early('DescribeServices', 4, () => missingService, 'CreateService'),
  },
  { name: 'a service that is MISSING at every third look', of: (act) => flickering(act === 'deploy' ? 3 : Infinity) },
  { name: 'a service that still shows the rollouts from before it was told', of: () => staleAfter('UpdateService', 'DescribeServices', 4) },
  {
    name: 'tasks that are listed late',
    of: () => early('ListTasks', 8, () => rewriting((answer) => ({ ...answer, taskArns: [] })), 'CreateService'),
  },
  {
    name: 'a first rollout that is IN_PROGRESS for a while',
    of: () => early('DescribeServices', 6, () => rolloutState('IN_PROGRESS', 'in progress'), 'CreateService'),
  },
  { name: 'roles that ECS cannot assume yet', of: (act) => (act === 'destroy' ? pass : misstarts(stopped, act === 'deploy' ? 5 : 1)) },
  { name: 'policies that do not let ECS read the secret yet', of: (act) => (act === 'deploy' ? misstarts(noPermission, 5) : pass) },
  {
    name: 'roles so late that the circuit breaker ends the first rollout',
    of: (act) => (act === 'deploy' ? anyOf(misstarts(stopped, 3), brokenUntilUpdate()) : pass),
  },
  {
    name: 'a former service of that name that is DRAINING',
    of: (act, id) => (act === 'deploy' ? early('DescribeServices', 4, () => draining(id)) : pass),
  },
  {
    name: 'a former table of that name that is DELETING, and a new one that is CREATING',
    of: (act) => (act === 'deploy' ? tableStates() : pass),
  },
  {
    name: 'a list of secrets that lacks all of the last minutes',
    of: () => early('ListSecrets', Infinity, () => rewriting((answer) => ({ ...answer, SecretList: [] }))),
  },
  {
    name: 'lists of policies that lack those just put',
    of: () => early('ListRolePolicies', 2, () => ({ rewrite: (body) => body.replaceAll(/<member>[^]*?<\/member>/g, '') })),
  },
];

function pass(): 'pass' {
  return 'pass';
}

function flickering(every: number): Decide {
  let count = 0;
  return ({ operation }) => {
    if (operation !== 'DescribeServices') return 'pass';
    count += 1;
    return count % every === 0 ? missingService : 'pass';
  };
}

/** ECS has given the rollout up, and goes on once it is told to begin anew. */
function brokenUntilUpdate(): Decide {
  let isTold = false;
  return ({ operation }) => {
    isTold ||= operation === 'UpdateService';
    if (operation !== 'DescribeServices' || isTold) return 'pass';
    return rolloutState('FAILED', 'ECS deployment circuit breaker: tasks failed to start.');
  };
}

function draining(deploymentId: string): ReturnType<Decide> {
  const tags = lowerTagList(tagsOf('default', deploymentId));
  return rewriting((answer) => ({ ...answer, services: [{ status: 'DRAINING', deployments: [], tags, serviceName: 'x' }], failures: [] }));
}

function tableStates(): Decide {
  const description = { Table: { TableName: 'x', TableStatus: 'DELETING', TableArn: 'x' } };
  const headers = { 'content-type': 'application/x-amz-json-1.0' };
  return anyOf(
    early('DescribeTable', 3, () => ({ answer: { status: 200, headers, body: JSON.stringify(description) } })),
    early(
      'DescribeTable',
      3,
      () => rewriting((answer) => ({ Table: { ...(answer['Table'] as object), TableStatus: 'CREATING' } })),
      'CreateTable',
    ),
    early('CreateTable', 1, () =>
      rewriting((answer) => ({ TableDescription: { ...(answer['TableDescription'] as object), TableStatus: 'CREATING' } })),
    ),
  );
}

describeWith(await emulatorMissing(), 'a deployment on an AWS that lags [AWS-4]', () => {
  let stage: Stage;
  let undisturbed: Life;
  beforeAll(async () => {
    stage = await openStage({ repository: 'runlayer/default' });
    undisturbed = await live(stage);
    expect(undisturbed).toMatchObject({ token: 'the-second-token', remaining: [], destroyed: nothing });
  });
  afterAll(() => stage.close());

  it.concurrent('is patient with every refusal that ends by itself', async () => {
    const counts = new Map<string, number>();
    const refusing = (): Interception =>
      intercept((seen) => {
        const count = counts.get(seen.operation) ?? 0;
        counts.set(seen.operation, count + 1);
        const refusal = refusals[seen.operation]?.[count];
        return refusal === undefined ? 'pass' : { answer: wireRefusal(seen, ...refusal) };
      });
    expect(await live(stage, refusing, { retryDelayMs: 8 })).toEqual(undisturbed);
    const unmet = Object.entries(refusals).filter(([operation, { length }]) => (counts.get(operation) ?? 0) <= length);
    expect(unmet).toEqual([]);
  });

  it.concurrent.each(lags)('waits out $name', async ({ of }) => {
    let met = 0;
    const lived = await live(stage, (act, { deploymentId }) => {
      const decide = of(act, deploymentId);
      return intercept((seen) => {
        const fate = decide(seen);
        if (fate !== 'pass') met += 1;
        return fate;
      });
    });
    expect(lived).toEqual(undisturbed);
    expect(met).toBeGreaterThan(0);
  });

  it.concurrent('takes a former service that stays describable as INACTIVE for none', async () => {
    let inactive = 0;
    const lived = await live(stage, (act) =>
      intercept(({ operation }) =>
        act === 'deploy' && operation === 'DescribeServices' ? changingServices((service) => ((inactive += 1), service)) : 'pass',
      ),
    );
    expect(lived).toEqual(undisturbed);
    expect(inactive).toBeGreaterThan(0);
  });

  // Last in the file, and not at the same time as any other.
  it('leaves nothing of any deployment in the account', async () => {
    expect(await leftovers(stage.context)).toEqual([]);
  });
});
