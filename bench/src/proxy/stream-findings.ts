// What was found of event streams, as tables and bars.
import { titles, type ContenderName } from './contender.ts';
import type { Heard } from './load/listen.ts';
import type { Bar, Findings, Table } from '../report.ts';

/** Idle streams through one contender. */
export interface Idle {
  readonly heard: Heard;
  readonly kilobytesEach: number;
  /** After closing: sockets more than before, streams that the upstream still holds, kilobytes that a collection leaves. */
  readonly socketsKept: number;
  readonly upstreamKept: number;
  readonly kilobytesKept: number;
  /** Resident megabytes more than before. */
  readonly megabytesAfter: number;
}

/** Busy streams through one contender, or without any. */
export interface Busy {
  readonly heard: Heard;
  readonly expected: number;
  /** For one event. */
  readonly cpuMicroseconds: number;
}

/** Everything the section measured. */
export interface StreamFigures {
  readonly idle: ReadonlyMap<ContenderName, Idle>;
  readonly busy: ReadonlyMap<ContenderName, Busy>;
  readonly direct: Busy | undefined;
  readonly seconds: number;
  readonly idleStreams: number;
  readonly busyStreams: number;
}

export function streamFindings(figures: StreamFigures): Findings {
  return { tables: [idleTable(figures), busyTable(figures)], bars: [...idleBars(figures), ...busyBars(figures)], notes: [] };
}

function idleTable({ idle, idleStreams }: StreamFigures): Table {
  const rows = [...idle].map(([name, found]) => [
    titles[name],
    found.kilobytesEach,
    found.heard.accepted,
    found.heard.announced,
    found.heard.comments,
    found.socketsKept,
    found.upstreamKept,
    found.megabytesAfter,
    found.kilobytesKept,
  ]);
  const columns = [
    '',
    'KB each',
    'accepted',
    'told something',
    'comments',
    'sockets kept',
    'upstream kept',
    'MB resident after',
    'KB in use after',
  ];
  return { title: `${idleStreams} idle event streams, over the empty proxy; "kept" and "after": once they are closed`, columns, rows };
}

function busyTable({ busy, direct, seconds, busyStreams }: StreamFigures): Table {
  const row = (name: string, { heard, expected, cpuMicroseconds }: Busy): (string | number)[] => [
    name,
    heard.events,
    expected - heard.events,
    heard.outOfOrder,
    heard.p50,
    heard.p99,
    direct === undefined ? Number.NaN : heard.p50 - direct.heard.p50,
    cpuMicroseconds,
  ];
  const rows = [...(direct === undefined ? [] : [row('direct', direct)]), ...[...busy].map(([name, found]) => row(titles[name], found))];
  const columns = ['', 'events', 'lost', 'out of order', 'delay p50 µs', 'p99 µs', 'p50 added', 'CPU µs an event'];
  return { title: `${busyStreams} streams, an event a second each, for ${seconds} s`, columns, rows };
}

function idleBars({ idle, idleStreams }: StreamFigures): Bar[] {
  const found = idle.get('ours');
  if (found === undefined) return [];
  return [
    { name: 'ours, an idle stream', value: found.kilobytesEach, limit: 50, kind: 'at most', unit: 'KB' },
    { name: 'ours, idle streams accepted', value: found.heard.accepted, limit: idleStreams, kind: 'at least' },
    { name: 'ours, idle streams that got an event later', value: found.heard.announced, limit: idleStreams, kind: 'at least' },
    { name: 'ours, sockets kept after closing', value: found.socketsKept, limit: 0, kind: 'at most' },
    { name: 'ours, upstream streams kept after closing', value: found.upstreamKept, limit: 0, kind: 'at most' },
    {
      name: 'ours, memory in use kept after closing, each',
      value: found.kilobytesKept / idleStreams,
      limit: 1,
      kind: 'at most',
      unit: 'KB',
    },
  ];
}

function busyBars({ busy }: StreamFigures): Bar[] {
  const found = busy.get('ours');
  if (found === undefined) return [];
  return [
    { name: 'ours, events lost', value: found.expected - found.heard.events, limit: 0, kind: 'at most' },
    { name: 'ours, events out of order', value: found.heard.outOfOrder, limit: 0, kind: 'at most' },
    { name: 'ours, streams broken off', value: found.heard.broken, limit: 0, kind: 'at most' },
  ];
}
