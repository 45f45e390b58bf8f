// The parser's help, with a sign for values that people read as one.
import { Cli } from 'clipanion';
import type { CommandContext } from './context.ts';

/** The parser; its help writes `--config …` where the library writes `--config #0`. */
export class HelpfulCli extends Cli<CommandContext> {
  override usage(...args: Parameters<Cli<CommandContext>['usage']>): string {
    return withValueSigns(super.usage(...args));
  }
}

/** Replaces the library's `#0`; lines of the table of options keep their columns. */
export function withValueSigns(usage: string): string {
  return usage.replace(/^( {2}\S.*?) #0(\S*) {2}/gm, '$1 …$2   ').replaceAll(' #0', ' …');
}
