// Finds the command that the arguments name, and runs it. What cannot be parsed is wrong usage: exit code 2.
import { arrangeArguments } from './arrange-arguments.ts';
import { commandsFor } from './commands/commands.ts';
import type { CommandContext } from './context.ts';
import { exitCodes } from './exit-code.ts';
import { HelpfulCli } from './helpful-cli.ts';

/** Runs one command line. @returns the exit code */
export async function run(given: readonly string[], context: CommandContext): Promise<number> {
  const args = given.length === 0 ? ['--help'] : arrangeArguments(given);
  const cli = new HelpfulCli({
    binaryLabel: 'Runlayer: build and deploy MCP servers',
    binaryName: 'runlayer',
    binaryVersion: context.version,
    enableColors: context.colorDepth > 1,
  });
  for (const command of await commandsFor(args)) cli.register(command);
  try {
    return await cli.run(cli.process({ input: args, context }), context);
  } catch (error) {
    const { usageMessage } = await import('./usage-message.ts');
    context.stderr.write(usageMessage(error, args));
    return exitCodes.usage;
  }
}
