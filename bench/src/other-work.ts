// How much other programs disturbed: what the machine's cores did, less what the benchmark itself did.
import { readFile } from 'node:fs/promises';
import { ownCpuMilliseconds } from './proxy/pinned.ts';

/** Begins to watch; the function it resolves to ends that, and says in a sentence what was seen. */
export async function watchOtherWork(): Promise<() => Promise<string>> {
  const before = { machine: await machineMilliseconds(), own: await ownCpuMilliseconds(), at: performance.now() };
  return async () => {
    const machine = (await machineMilliseconds()) - before.machine;
    const own = (await ownCpuMilliseconds()) - before.own;
    const share = Math.max(0, machine - own) / (performance.now() - before.at);
    const judgement = share > 0.15 ? '; trust CPU times and ratios more than times' : '';
    return `Other work took ${Math.round(share * 100)} % of a core meanwhile${judgement}.`;
  };
}

/** CPU time of all cores in use, interrupts and time stolen by other machines included. */
async function machineMilliseconds(): Promise<number> {
  const [line = ''] = (await readFile('/proc/stat', 'utf8')).split('\n', 1);
  const [user = 0, nice = 0, system = 0, , , interrupts = 0, softInterrupts = 0, stolen = 0] = line.split(/\s+/).slice(1).map(Number);
  return (user + nice + system + interrupts + softInterrupts + stolen) * 10;
}
