// The one way in which every resource comes to be: read it by its name, make it when it is not there, and read again when the name is taken.
import { awaited, exists } from '../calls/aws-error.ts';
import type { AwsContext } from '../calls/context.ts';

/**
 * Gives what is there, or makes it. A name that is taken although nothing was read belongs to another run, to a call of ours
 * whose answer was lost, or to something that is still going away: the next look tells.
 *
 * @param what What comes to be, for the error: `The role … exists`.
 * @throws `ERR_AWS_UNSETTLED` When the name stays taken and nothing is to be seen.
 */
export function readOrCreate<State>(
  ctx: AwsContext,
  what: string,
  read: () => Promise<State | undefined>,
  create: () => Promise<State | undefined>,
): Promise<State> {
  return awaited(ctx, what, async () => (await read()) ?? (await unlessTaken(create())));
}

async function unlessTaken<State>(creation: Promise<State | undefined>): Promise<State | undefined> {
  try {
    return await creation;
  } catch (error) {
    if (exists(error)) return undefined;
    throw error;
  }
}
