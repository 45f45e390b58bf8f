// The operator's command for signing keys, as a process of its own.
import { inRepository, run } from '@runlayer/local-platform';

/** Runs `runlayer-server keys …` with the settings of a server. */
export async function keysCommand(args: readonly string[], env: Readonly<Record<string, string>>): ReturnType<typeof run> {
  return run(process.execPath, [inRepository('apps/server/src/main.ts'), 'keys', ...args], { env });
}
