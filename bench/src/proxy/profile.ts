// Where a Node contender's time went: the functions with the most time of their own, from V8's CPU profiles.
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { printTable } from '../report.ts';

interface Profile {
  readonly nodes: readonly { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const shown = 40;

/** The profiles of a folder as tables. */
export async function printProfiles(folder: string): Promise<string> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.cpuprofile')).sort();
  const tables = await Promise.all(files.map(async (file) => printTable(await selfTimes(join(folder, file)))));
  return tables.join('\n');
}

async function selfTimes(file: string): Promise<{ title: string; columns: string[]; rows: (string | number)[][] }> {
  const { nodes, samples, timeDeltas } = JSON.parse(await readFile(file, 'utf8')) as Profile;
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const times = new Map<string, number>();
  samples.forEach((id, index) => {
    const name = names.get(id) ?? '';
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[index] ?? 0));
  });
  times.delete('(idle)');
  const all = [...times.values()].reduce((sum, time) => sum + time, 0);
  const most = [...times].sort(([, one], [, other]) => other - one).slice(0, shown);
  return {
    title: `Self time of ${basename(file, '.cpuprofile')}, without idling`,
    columns: ['%', 'function'],
    rows: most.map(([name, time]) => [((time / all) * 100).toFixed(1), name]),
  };
}

function nameOf({ functionName, url, lineNumber }: Profile['nodes'][number]['callFrame']): string {
  const place = url === '' ? '' : ` ${url.replace(/^.*\/(?=[^/]+\/[^/]+$)/, '')}:${lineNumber + 1}`;
  return `${functionName === '' ? '(anonymous)' : functionName}${place}`;
}
