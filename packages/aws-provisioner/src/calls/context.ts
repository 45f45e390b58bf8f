// What every file that talks to AWS works with: clients, names, tags and the signal of the verb that runs.
import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import { IAMClient } from '@aws-sdk/client-iam';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { awsError } from '../error-codes.ts';
import { createMemory, type Memory } from '../observation/memory.ts';
import { type Names, namesOf } from '../names.ts';
import type { Settings } from '../options.ts';
import { retryStrategy } from './retry-strategy.ts';
import { type Tags, tagsOf } from '../tags.ts';

/** One client of the SDK per service, each made when it is first used. */
export interface AwsClients {
  readonly ecs: ECSClient;
  readonly iam: IAMClient;
  readonly ec2: EC2Client;
  readonly logs: CloudWatchLogsClient;
  readonly secrets: SecretsManagerClient;
  readonly dynamodb: DynamoDBClient;
  readonly ecr: ECRClient;
  readonly sts: STSClient;
  readonly autoscaling: ApplicationAutoScalingClient;
}

/** What the reads and writes of one verb share. */
export interface AwsContext {
  readonly clients: AwsClients;
  readonly options: Settings;
  readonly region: string;
  /**
   * The account of the credentials, asked once.
   * @throws `ERR_AWS_ACCOUNT` When it is not the one that is set.
   */
  readonly account: () => Promise<string>;
  readonly names: (deploymentId: string) => Names;
  readonly tags: (deploymentId: string, extra?: Tags) => Tags;
  /** What this provisioner saw before. */
  readonly memory: Memory;
  /** Ends waiting and reading. Give it to every call: `client.send(command, { abortSignal: signal })`. */
  readonly signal: AbortSignal;
}

/** Makes the context. No call is made, and no client either, until one is used. */
export function createContext(options: Settings, signal: AbortSignal = new AbortController().signal): AwsContext {
  const clients = createClients(options);
  return {
    clients,
    options,
    region: options.region,
    account: accountReader(clients, options),
    names: (deploymentId) => namesOf(options.environment, deploymentId),
    tags: (deploymentId, extra) => tagsOf(options.environment, deploymentId, extra),
    memory: createMemory(options),
    signal,
  };
}

/** How long a connection may take to come about, milliseconds. */
const longestConnectMs = 10_000;

function createClients(options: Settings): AwsClients {
  const { region, endpoint, credentials, requestHandler, maxAttempts, callTimeoutMs } = options;
  const config = {
    region,
    maxAttempts,
    retryStrategy: retryStrategy(options),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    // Left to itself the SDK waits for a quarter of an hour for an answer.
    requestHandler: requestHandler ?? {
      connectionTimeout: Math.min(callTimeoutMs, longestConnectMs),
      requestTimeout: callTimeoutMs,
      throwOnRequestTimeout: true,
    },
  };
  const made = new Map<string, unknown>();
  const once = <Client>(name: string, make: () => Client): Client => {
    if (!made.has(name)) made.set(name, make());
    return made.get(name) as Client;
  };
  return {
    get ecs() {
      return once('ecs', () => new ECSClient(config));
    },
    get iam() {
      return once('iam', () => new IAMClient(config));
    },
    get ec2() {
      return once('ec2', () => new EC2Client(config));
    },
    get logs() {
      return once('logs', () => new CloudWatchLogsClient(config));
    },
    get secrets() {
      return once('secrets', () => new SecretsManagerClient(config));
    },
    get dynamodb() {
      return once('dynamodb', () => new DynamoDBClient(config));
    },
    get ecr() {
      return once('ecr', () => new ECRClient(config));
    },
    get sts() {
      return once('sts', () => new STSClient(config));
    },
    get autoscaling() {
      return once('autoscaling', () => new ApplicationAutoScalingClient(config));
    },
  };
}

function accountReader(clients: AwsClients, { account }: Settings): () => Promise<string> {
  let known: string | undefined;
  return async () => {
    if (known !== undefined) return known;
    const { Account: found = '' } = await clients.sts.send(new GetCallerIdentityCommand({}));
    if (account !== undefined && found !== account) {
      throw awsError('ERR_AWS_ACCOUNT', `The credentials are of the account ${found}, and the setting says ${account}.`);
    }
    known = found;
    return found;
  };
}
