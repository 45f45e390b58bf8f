// The numbers of this process: memory, processor time, delay of the event loop, open files.
import { readdir } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { labelText, metricText } from '@runlayer/proxy';

/** Watches this process. */
export interface ProcessMetrics {
  /** In the text format of Prometheus. The delay of the event loop is that since the last look. */
  text(): Promise<string>;
  stop(): void;
}

/** How often the event loop is asked how late it is, ms. */
const resolutionMs = 20;

/** Begins to watch. */
export function createProcessMetrics(version: string): ProcessMetrics {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  const startedAt = Date.now() / 1_000 - process.uptime();
  return {
    async text() {
      const { user, system } = process.cpuUsage();
      const { rss, heapUsed } = process.memoryUsage();
      const lag = Math.max(0, delay.percentile(99) / 1_000_000_000 - resolutionMs / 1_000);
      delay.reset();
      const files = await openFiles();
      const one = (name: string, type: 'counter' | 'gauge', help: string, value: number, labels = ''): string =>
        metricText(name, type, help, [['', labels, value]]);
      return [
        one('runlayer_build_info', 'gauge', 'What runs.', 1, labelText({ version, node: process.version })),
        one('process_start_time_seconds', 'gauge', 'When the process started, seconds since 1970.', startedAt),
        one('process_cpu_seconds_total', 'counter', 'Processor time, by user and system.', (user + system) / 1_000_000),
        one('process_resident_memory_bytes', 'gauge', 'Memory that the process holds.', rss),
        one('nodejs_heap_size_used_bytes', 'gauge', 'Memory that objects take.', heapUsed),
        one('nodejs_eventloop_lag_p99_seconds', 'gauge', 'How late the event loop came, in 99 of 100 times less.', lag),
        files === undefined ? '' : one('process_open_fds', 'gauge', 'Files and sockets that are open.', files),
      ].join('');
    },
    stop: () => void delay.disable(),
  };
}

/** `undefined` where the system does not tell. */
async function openFiles(): Promise<number | undefined> {
  try {
    // One of them is the folder that is read.
    return (await readdir('/proc/self/fd')).length - 1;
  } catch {
    return undefined;
  }
}
