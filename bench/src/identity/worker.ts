// One contender in a process of its own: V8 optimises for it alone, and its CPU time is nobody else's.
import { contenders } from './contenders.ts';
import type { Contender } from './contender.ts';
import type { Order, Turn } from './orders.ts';

let runTurn: ((milliseconds: number) => Promise<Turn>) | undefined;

process.on('message', (order: Order) => {
  void carryOut(order).then((turn) => process.send?.(turn));
});
process.once('disconnect', () => process.exit());

async function carryOut(order: Order): Promise<Turn> {
  if (order.kind === 'start') {
    const entry = contenders[order.section][order.name];
    if (entry === undefined) throw new Error(`There is no contender ${order.name}.`);
    const contender = await entry.make(order.key);
    await check(contender);
    runTurn = turns(contender, entry.atOnce);
  }
  if (runTurn === undefined) throw new Error('A turn was asked for before the start.');
  return runTurn(order.milliseconds);
}

/** What verifies must refuse what is spoilt. */
async function check(contender: Contender): Promise<void> {
  const [input] = await contender.prepare(1);
  await contender.operation(input);
  if (contender.spoil !== undefined && (await succeeds(contender.operation, contender.spoil(input))))
    throw new Error('A spoilt signature was accepted.');
}

async function succeeds(operation: Contender['operation'], input: unknown): Promise<boolean> {
  try {
    await operation(input);
    return true;
  } catch {
    return false;
  }
}

/**
 * Runs turns of about the length asked for: how many operations fit is known from the turn before. The first tenth is not counted:
 * meanwhile the processor's caches fill, and the inputs reach the place in memory where they stay.
 */
function turns(contender: Contender, atOnce: number): (milliseconds: number) => Promise<Turn> {
  let perMillisecond = 4;
  return async (milliseconds) => {
    const count = Math.max(64, 16 * Math.round((perMillisecond * milliseconds) / 16));
    const inputs = await contender.prepare(count);
    const leadIn = 16 * Math.ceil(count / 10 / 16);
    await run(contender, inputs.slice(0, leadIn), atOnce);
    const before = process.cpuUsage();
    const began = performance.now();
    await run(contender, inputs.slice(leadIn), atOnce);
    const { user, system } = process.cpuUsage(before);
    perMillisecond = (count - leadIn) / (performance.now() - began);
    return { operations: count - leadIn, cpuMicroseconds: user + system };
  };
}

async function run({ operation }: Contender, inputs: readonly unknown[], atOnce: number): Promise<void> {
  if (atOnce === 0) for (const input of inputs) operation(input);
  else if (atOnce === 1) for (const input of inputs) await operation(input);
  else for (let from = 0; from < inputs.length; from += atOnce) await Promise.all(inputs.slice(from, from + atOnce).map(operation));
}
