// What every command shares: how it reports, and how its failures end.
import { Command, Option } from 'clipanion';
import type { CommandContext } from '../context.ts';
import type { Report } from '../output/report.ts';

/** A command. Its `execute` throws; the message and the exit code are made here. */
export abstract class BaseCommand extends Command<CommandContext> {
  json = Option.Boolean('--json', false, { description: 'Write JSON for programs instead of text' });
  debug = Option.Boolean('--debug', false, { description: 'Print the stack of a failure' });

  /** Whether `--json` gives a line for each event rather than one document. */
  protected readonly tellsEvents: boolean = false;
  protected report!: Report;

  override async validateAndExecute(): Promise<number> {
    const { createReport } = await import('../output/create-report.ts');
    this.report = createReport(this.context, { json: this.json, debug: this.debug, events: this.tellsEvents });
    try {
      return await super.validateAndExecute();
    } catch (error) {
      const { exitCodeOf } = await import('../exit-code.ts');
      const exitCode = exitCodeOf(error);
      this.report.failure(error, exitCode);
      return exitCode;
    }
  }
}
