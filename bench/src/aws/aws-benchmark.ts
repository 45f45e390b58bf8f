// What a deployment asks of AWS: how many calls each verb makes, and how long the verbs that change nothing take.
import { emulatorMissing } from '@runlayer/aws-provisioner/testing/emulator';
import { openStage, type Stage } from '@runlayer/aws-provisioner/testing/stage';
import type { CommandLine } from '../command-line.ts';
import { type Bar, type Findings, holds, printFindings, type Table } from '../report.ts';
import { idleCalls } from './idle.ts';
import { roundTrips } from './round-trips.ts';
import { type Counted, countVerbs } from './verbs.ts';

/** Calls that each verb may make at most: mutating, and all others. They are counted, so another machine counts the same. */
const mostCalls: Readonly<Record<string, readonly [mutating: number, reading: number]>> = {
  'first deploy': [14, 56],
  'no-op apply': [0, 36],
  'no-op plan': [0, 25],
  status: [0, 6],
  'changed variable': [8, 75],
  destroy: [12, 56],
};

/** Measures, prints, and resolves to whether every bar holds. */
export async function awsBenchmark({ rounds, json }: CommandLine['aws']): Promise<boolean> {
  const missing = await emulatorMissing();
  if (missing !== undefined) {
    console.log(`AWS: not measured, ${missing}`);
    return true;
  }
  const stage = await openStage();
  try {
    const findings = await measure(stage, rounds);
    console.log(json ? JSON.stringify(findings, undefined, 2) : printFindings(findings));
    return findings.bars.every(holds);
  } finally {
    await stage.close();
  }
}

async function measure(stage: Stage, rounds: number): Promise<Findings> {
  const counted = await countVerbs(stage);
  const idle = await idleCalls(stage);
  return {
    tables: [callsTable(counted), await roundTrips(stage, rounds)],
    bars: [...counted.flatMap(bars), { name: 'calls a minute, idle', value: idle, limit: 30, kind: 'at most' }],
    notes: ['AWS is an emulator on this machine: trust the counts, and of the times their relations.'],
  };
}

function callsTable(counted: readonly Counted[]): Table {
  const rows = counted.map(({ verb, mutating, reading }) => [verb, mutating, reading] as const);
  return { title: 'Calls of AWS', columns: ['', 'mutating', 'reading'], rows };
}

function bars({ verb, mutating, reading }: Counted): Bar[] {
  const [mostMutating, mostReading] = mostCalls[verb] ?? [0, 0];
  return [
    { name: `mutating calls, ${verb}`, value: mutating, limit: mostMutating, kind: 'at most' },
    { name: `reading calls, ${verb}`, value: reading, limit: mostReading, kind: 'at most' },
  ];
}
