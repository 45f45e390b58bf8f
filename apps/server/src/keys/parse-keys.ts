// The arguments of `runlayer-server keys`.
import { parseArgs } from 'node:util';
import { fail } from '../error-codes.ts';

/** What every command takes. */
interface Common {
  /** One JSON value on standard output instead of text. */
  readonly json: boolean;
  readonly configFile: string | undefined;
}

/** What was asked for. */
export type KeysCommand =
  | { readonly do: 'help'; readonly of: KeysVerb | undefined }
  | (Common & { readonly do: 'list' })
  | (Common & { readonly do: 'rotate'; readonly now: boolean; readonly wait: boolean })
  | (Common & { readonly do: 'revoke'; readonly kid: string; readonly yes: boolean });

/** The commands below `keys`. */
export type KeysVerb = 'list' | 'rotate' | 'revoke';

const common = { help: { type: 'boolean', short: 'h' }, config: { type: 'string', short: 'c' }, json: { type: 'boolean' } } as const;
const flag = { type: 'boolean' } as const;

/** Reads what stands after `keys`. @throws ERR_KEYS_USAGE */
export function parseKeys(args: readonly string[]): KeysCommand {
  const [verb, ...rest] = args;
  if (verb === undefined || verb === '--help' || verb === '-h') return { do: 'help', of: undefined };
  if (verb === 'list') {
    const { values } = read(verb, rest, {});
    return values.help === true ? { do: 'help', of: verb } : { do: verb, ...shared(values) };
  }
  if (verb === 'rotate') {
    const { values } = read(verb, rest, { now: flag, wait: flag });
    if (values.help === true) return { do: 'help', of: verb };
    return { do: verb, ...shared(values), now: values['now'] === true, wait: values['wait'] === true };
  }
  if (verb === 'revoke') return parseRevoke(rest);
  throw fail('ERR_KEYS_USAGE', `There is no command \`keys ${verb.slice(0, 40)}\`; there are list, rotate and revoke.`);
}

function parseRevoke(args: readonly string[]): KeysCommand {
  // One thumbprint in 64 begins with a dash, and would be read as an option.
  const at = args.findIndex((arg, index) => /^-[\w-]{42}$/.test(arg) && !/^(-c|--config)$/.test(args[index - 1] ?? ''));
  const { values, positionals } = read('revoke', at < 0 ? args : args.toSpliced(at, 1), { yes: flag });
  if (values.help === true) return { do: 'help', of: 'revoke' };
  const kids = at < 0 ? positionals : [args[at] ?? '', ...positionals];
  const [kid] = kids;
  if (kid === undefined || kids.length > 1) throw fail('ERR_KEYS_USAGE', '`keys revoke` takes the kid of one key; `keys list` shows them.');
  return { do: 'revoke', ...shared(values), kid, yes: values['yes'] === true };
}

function shared(values: { json?: boolean; config?: string }): Common {
  return { json: values.json === true, configFile: values.config };
}

interface Given {
  readonly values: { help?: boolean; json?: boolean; config?: string } & Record<string, unknown>;
  readonly positionals: readonly string[];
}

function read(verb: KeysVerb, args: readonly string[], more: Readonly<Record<string, typeof flag>>): Given {
  try {
    return parseArgs({ args: [...args], options: { ...common, ...more }, allowPositionals: verb === 'revoke' }) as Given;
  } catch (error) {
    const message = (error as Error).message.split('. ')[0]?.replace(/\.$/, '') ?? '';
    throw fail('ERR_KEYS_USAGE', `${message}.`, { hint: `\`runlayer-server keys ${verb} --help\` lists all options.` });
  }
}
