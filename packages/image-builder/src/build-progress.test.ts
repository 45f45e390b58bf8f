import { describe, expect, it } from 'vitest';
import { BuildProgress } from './build-progress.ts';
import { statusBytes } from './testing/status-bytes.ts';
import type { StatusContent } from './testing/status-bytes.ts';

const trace = (content: StatusContent): object => ({ id: 'moby.buildkit.trace', aux: statusBytes(content).toString('base64') });
const run = { digest: 's', name: '[2/2] RUN x' };

function follow(...lines: object[]): { events: object[]; progress: BuildProgress } {
  const progress = new BuildProgress();
  return { events: [...lines.flatMap((line) => progress.push(line)), ...progress.end()], progress };
}

describe('a build with BuildKit', () => {
  it('tells each step once when it starts and once when it ends, with the time it took [CLI-8]', () => {
    const { events, progress } = follow(
      trace({ vertexes: [run] }),
      trace({ vertexes: [{ ...run, started: 10 }] }),
      trace({ vertexes: [{ ...run, started: 10, completed: 12.5 }] }),
      trace({ vertexes: [{ ...run, started: 10, completed: 12.5 }] }),
      { id: 'moby.image.id', aux: { ID: 'sha256:1' } },
    );
    expect(events).toEqual([
      { type: 'step', id: 's', name: '[2/2] RUN x', state: 'started', internal: false },
      { type: 'step', id: 's', name: '[2/2] RUN x', state: 'done', internal: false, seconds: 2.5 },
    ]);
    expect(progress).toMatchObject({ imageId: 'sha256:1', fault: undefined });
  });

  it('tells a cached step only once', () => {
    expect(follow(trace({ vertexes: [{ ...run, cached: true, started: 1, completed: 1 }] })).events).toMatchObject([{ state: 'cached' }]);
  });

  it('puts pieces of output together to lines, and the unfinished last one before the end of the step', () => {
    const log = (text: string, stream = 1) => trace({ logs: [{ vertex: 's', stream, text }] });
    const { events } = follow(log('a'), log('b\nc'), log('e\n', 2), trace({ vertexes: [{ ...run, started: 1, completed: 2 }] }));
    expect(events.map((event) => ('line' in event ? event.line : 'state' in event ? event.state : ''))).toEqual([
      'ab',
      'e',
      'started',
      'c',
      'done',
    ]);
  });

  it('keeps the name and the last twenty lines of the step that failed', () => {
    const text = Array.from({ length: 30 }, (_unused, index) => `line ${index}\n`).join('');
    const { progress } = follow(
      trace({ vertexes: [{ digest: 'other', name: 'other', started: 1, completed: 2, error: 'context canceled' }] }),
      trace({ logs: [{ vertex: 's', stream: 1, text }] }),
      trace({ vertexes: [{ ...run, started: 1, completed: 2, error: 'exit code: 1' }] }),
      { error: 'failed', errorDetail: {} },
    );
    expect(progress.fault).toMatchObject({ message: 'failed', step: '[2/2] RUN x' });
    expect(progress.fault?.lastLines).toHaveLength(20);
    expect(progress.fault?.lastLines.at(-1)).toBe('line 29');
  });

  it('ends every step that was started as cancelled when the build fails', () => {
    expect(follow(trace({ vertexes: [{ ...run, started: 1 }] }), { error: 'x' }).events).toMatchObject([
      { state: 'started' },
      { state: 'cancelled' },
    ]);
  });

  it('tells of bytes and warnings', () => {
    const { events } = follow(
      trace({
        statuses: [
          { id: 'l', name: '', current: 5, total: 0 },
          { id: 'm', name: 'n', current: 0, total: 0 },
        ],
        warnings: ['old'],
      }),
    );
    expect(events).toEqual([
      { type: 'transfer', id: 'l', action: 'l', bytes: 5, total: undefined },
      { type: 'warning', message: 'old' },
    ]);
  });

  it.each([{ id: 'moby.buildkit.trace', aux: '////' }, { id: 'moby.buildkit.trace', aux: 7 }, { aux: null }, {}])(
    'takes nothing from %j',
    (line) => {
      expect(follow(line).events).toEqual([]);
    },
  );
});

describe('a build with the classic builder', () => {
  it('tells steps, output, warnings and the image', () => {
    const text = (stream: string): object => ({ stream });
    const { events, progress } = follow(
      text('Step 1/2 : FROM scratch'),
      text('\n'),
      text(' ---> \n'),
      text('Step 2/2 : RUN x'),
      text('\u001b[91merr\n\u001b[0m'),
      text('out\n'),
      text('[Warning] something is old\n'),
      { aux: { ID: 'sha256:2' } },
      text('Successfully built 2\n'),
    );
    expect(events).toMatchObject([
      { state: 'started', name: '[1/2] FROM scratch' },
      { state: 'done', name: '[1/2] FROM scratch' },
      { state: 'started', name: '[2/2] RUN x' },
      { type: 'output', stream: 'stderr', line: 'err' },
      { type: 'output', stream: 'stdout', line: 'out' },
      { type: 'warning', message: 'something is old' },
      { state: 'done', name: '[2/2] RUN x' },
    ]);
    expect(progress.imageId).toBe('sha256:2');
  });

  it('takes the running step for the one that failed', () => {
    const { events, progress } = follow({ stream: 'Step 1/1 : RUN x' }, { stream: 'oh\n' }, { error: 'returned a non-zero code: 2' });
    expect(events.at(-1)).toMatchObject({ state: 'failed' });
    expect(progress.fault).toEqual({ message: 'returned a non-zero code: 2', step: '[1/1] RUN x', lastLines: ['oh'] });
  });
});
