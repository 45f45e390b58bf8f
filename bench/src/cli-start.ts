// How long the command takes to start, as it is published, against the published Python client.
import { inRepository, pythonEnvironment, run } from '@runlayer/local-platform';
import { inTurns, type Outcome } from './ratio.ts';

async function wallTime(program: string, args: readonly string[]): Promise<number> {
  const began = performance.now();
  const { code, stderr } = await run(program, args, { env: { RUNLAYER_TELEMETRY_DISABLED: '1' } });
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}: ${stderr}`);
  return performance.now() - began;
}

export async function cliBenchmarks(): Promise<Outcome[]> {
  const python = await pythonEnvironment('tests/python/published-client.txt');
  if (typeof python === 'string') return [{ name: 'start of the command', skipped: python }];
  const built = inRepository('apps/cli/dist/main.js');
  const { code, stderr } = await run(inRepository('node_modules/.bin/pnpm'), ['--filter', '@runlayer/cli', 'run', 'build']);
  if (code !== 0) throw new Error(`The command could not be built: ${stderr}`);
  const outcomes: Outcome[] = [];
  for (const args of [['--version'], ['deploy', '--help']]) {
    const [ours, other] = await inTurns(
      9,
      () => wallTime(process.execPath, [built, ...args]),
      () => wallTime(`${python.bin}/runlayer`, args),
    );
    outcomes.push({ name: `runlayer ${args.join(' ')}`, ours, other, than: 'the Python client', unit: 'ms' });
  }
  return outcomes;
}
