// The arguments of `runlayer-server aws`.
import { parseArgs } from 'node:util';
import { fail } from '../error-codes.ts';
import { awsTable } from '../settings/aws-table.ts';

/** The commands below `aws`. */
export type AwsVerb = 'bootstrap' | 'policy';

/** Where it is to be, as far as options say; the rest is as the settings have it. */
export interface GivenPlace {
  readonly awsVpc?: string | undefined;
  readonly awsSubnets?: readonly string[] | undefined;
  readonly awsRegion?: string | undefined;
  readonly awsEnvironment?: string | undefined;
  readonly awsAccount?: string | undefined;
}

/** What every command takes. */
interface Common {
  readonly place: GivenPlace;
  /** One JSON value on standard output instead of text. */
  readonly json: boolean;
  readonly configFile: string | undefined;
  readonly policyFile: string | undefined;
}

/** What was asked for. */
export type AwsCommand =
  | { readonly do: 'help'; readonly of: AwsVerb | undefined }
  | (Common & { readonly do: 'bootstrap'; readonly yes: boolean; readonly plan: boolean })
  | (Common & { readonly do: 'policy'; readonly of: 'server' | 'bootstrap' });

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const common = {
  help: { type: 'boolean', short: 'h' },
  config: { type: 'string', short: 'c' },
  json: flag,
  vpc: text,
  subnets: text,
  region: text,
  environment: text,
  account: text,
  'policy-file': text,
} as const;
const own = { bootstrap: { yes: { type: 'boolean', short: 'y' }, plan: flag }, policy: { of: text } } as const;

/** Reads what stands after `aws`. @throws ERR_AWS_USAGE */
export function parseAws(args: readonly string[]): AwsCommand {
  const [verb, ...rest] = args;
  if (verb === undefined || verb === '--help' || verb === '-h') return { do: 'help', of: undefined };
  if (verb !== 'bootstrap' && verb !== 'policy') {
    throw fail('ERR_AWS_USAGE', `There is no command \`aws ${verb.slice(0, 40)}\`; there are bootstrap, policy and refresh.`);
  }
  const values = read(verb, rest);
  if (values['help'] === true) return { do: 'help', of: verb };
  const shared: Common = {
    place: placeOf(values),
    json: values['json'] === true,
    configFile: values['config'] as string | undefined,
    policyFile: values['policy-file'] as string | undefined,
  };
  if (verb === 'policy') return { do: verb, ...shared, of: subjectOf(values['of'] as string | undefined) };
  return { do: verb, ...shared, yes: values['yes'] === true, plan: values['plan'] === true };
}

type Values = Readonly<Record<string, unknown>>;

function read(verb: AwsVerb, args: readonly string[]): Values {
  try {
    return parseArgs({ args: [...args], options: { ...common, ...own[verb] } }).values;
  } catch (error) {
    const message = (error as Error).message.split('. ')[0]?.replace(/\.$/, '') ?? '';
    throw fail('ERR_AWS_USAGE', `${message}.`, { hint: `\`runlayer-server aws ${verb} --help\` lists all options.` });
  }
}

function placeOf(values: Values): GivenPlace {
  return {
    awsVpc: checked(values, 'vpc', awsTable.awsVpc.read),
    awsSubnets: checked(values, 'subnets', awsTable.awsSubnets.read),
    awsRegion: checked(values, 'region', awsTable.awsRegion.read),
    awsEnvironment: checked(values, 'environment', awsTable.awsEnvironment.read),
    awsAccount: checked(values, 'account', awsTable.awsAccount.read),
  };
}

/** An option must be what the setting of the same meaning must be. */
function checked<Value>(values: Values, name: string, readValue: (given: string) => Value): Value | undefined {
  const value = values[name];
  if (typeof value !== 'string') return undefined;
  try {
    return readValue(value);
  } catch (error) {
    throw fail('ERR_AWS_USAGE', `--${name} ${(error as Error).message} (found ${JSON.stringify(value.slice(0, 100))}).`);
  }
}

function subjectOf(value: string | undefined): 'server' | 'bootstrap' {
  if (value === undefined || value === 'server') return 'server';
  if (value === 'bootstrap') return value;
  throw fail('ERR_AWS_USAGE', `--of must be server or bootstrap (found ${JSON.stringify(value.slice(0, 40))}).`);
}
