// Whether to go on, and whether connectors go too: from the options, else from a person.
import type { Schemas } from '@runlayer/api/client';
import type { CommandContext } from '../context.ts';
import { cliError } from '../error-codes.ts';
import { askYes } from '../prompts.ts';

/** What the command line says. */
export interface Wishes {
  readonly yes: boolean;
  readonly deleteAll: boolean;
}

/** What was decided. */
export interface Decision {
  readonly goOn: boolean;
  readonly deleteConnectors: boolean;
}

/** Decides. @throws ERR_CLI_CONNECTORS_ATTACHED, ERR_CLI_USAGE where nobody can be asked */
export async function decide(
  record: Schemas['Deployment'],
  wishes: Wishes,
  { isTerminal }: Pick<CommandContext, 'isTerminal'>,
): Promise<Decision> {
  const { name, id, connected_servers: attached } = record;
  const mayAsk = isTerminal && !wishes.yes;
  if (attached.length > 0 && !wishes.deleteAll) {
    if (!mayAsk) throw refused(record);
    const goOn = await askYes(`${namesOf(record)} would stop working. Delete All: ${name} and the connectors?`);
    return { goOn, deleteConnectors: true };
  }
  if (wishes.yes) return { goOn: true, deleteConnectors: wishes.deleteAll };
  if (!mayAsk) throw cliError('ERR_CLI_USAGE', 'There is no terminal to ask on.', { hint: 'Give --yes to destroy without a question.' });
  const goOn = await askYes(`Destroy ${name} (${id}) and everything it made?${attached.length > 0 ? ` ${namesOf(record)} go too.` : ''}`);
  return { goOn, deleteConnectors: wishes.deleteAll };
}

function refused(record: Schemas['Deployment']): Error {
  const verb = record.connected_servers.length === 1 ? 'is' : 'are';
  return cliError('ERR_CLI_CONNECTORS_ATTACHED', `${namesOf(record)} ${verb} attached to ${record.name}. Nothing was destroyed.`, {
    data: { deployment_id: record.id, connectors: record.connected_servers },
  });
}

function namesOf({ connected_servers }: Schemas['Deployment']): string {
  const names = connected_servers.map(({ name }) => name).join(', ');
  return connected_servers.length === 1 ? `The connector ${names}` : `The connectors ${names}`;
}
