import { expect, it } from 'vitest';
import type { Answer } from '@runlayer/provisioner/driver';
import type { Listener } from './listening.ts';
import { exitFailure, healthcheckFailure, silenceFailure } from './start-failure.ts';

const state = { ExitCode: 1, OOMKilled: false, Error: '' };

it.each([
  ['its memory limit', { ...state, ExitCode: 137, OOMKilled: true }, [], 'out_of_memory', 'its memory limit of 512 MiB'],
  ['a signal', { ...state, ExitCode: 137 }, [], 'exited_at_start', 'signal 9'],
  ['a code', { ...state, ExitCode: 3 }, ['no database'], 'exited_at_start', 'code 3'],
  ['its own end', { ...state, ExitCode: 0 }, [], 'exited_at_start', 'by itself'],
  ['a missing command', { ...state, ExitCode: 127 }, [], 'exited_at_start', 'could not be run'],
  [
    'an error of the kernel',
    { ...state, ExitCode: 1, Error: 'exec user process caused: exec format error' },
    [],
    'wrong_architecture',
    'exec format error',
  ],
  ['an error of the kernel in the log', state, ['exec /server: Exec format error'], 'wrong_architecture', 'exec format error'],
])('names %s as the end of a container [PLAT-4]', (_name, ended, lines, code, message) => {
  const failure = exitFailure(ended, lines, 512);
  expect(failure).toMatchObject({ code, message: expect.stringContaining(message), evidence: { exitCode: ended.ExitCode } });
  expect(failure.evidence.lastLines).toEqual(lines.length === 0 ? undefined : lines);
});

const silent: Answer = { kind: 'silent', connected: false };
const open = (port: number): Listener => ({ port, loopback: false });
const loopback = (port: number): Listener => ({ port, loopback: true });

it.each<[string, Answer, Listener[] | undefined, string, string]>([
  ['nothing', silent, [], 'not_listening', 'Nothing in the container listens on port 8000.'],
  ['nothing that can be seen', silent, undefined, 'not_listening', 'Nothing in the container listens on port 8000.'],
  ['another port', silent, [open(9000)], 'wrong_port', 'The container listens on 9000, not on 8000.'],
  ['another port, on loopback', silent, [loopback(9000)], 'wrong_port', 'The container listens on 127.0.0.1:9000, not on 8000.'],
  ['two other ports', silent, [loopback(80), open(9000)], 'wrong_port', 'The container listens on 127.0.0.1:80 and 9000, not on 8000.'],
  [
    'the port on loopback',
    silent,
    [loopback(8000), open(9000)],
    'bound_to_loopback',
    'The container listens on 127.0.0.1:8000 only, which nothing outside it can reach.',
  ],
  [
    'the port, without answering',
    silent,
    [loopback(8000), open(8000)],
    'unhealthy',
    'The container accepts connections on port 8000, but gives no HTTP answer.',
  ],
  [
    'the port, as far as can be told',
    { kind: 'silent', connected: true },
    undefined,
    'unhealthy',
    'The container accepts connections on port 8000, but gives no HTTP answer.',
  ],
  [
    'the port without the path',
    { kind: 'path_missing', status: 404 },
    [open(8000)],
    'mcp_path_missing',
    'The server answers on port 8000, but has nothing at /mcp (404).',
  ],
])('names a container that listens on %s [PLAT-4]', (_name, answer, listeners, code, message) => {
  expect(silenceFailure({ port: 8000, path: '/mcp' }, answer, listeners)).toMatchObject({ code, message });
});

it('proposes the port that can be reached', () => {
  expect(silenceFailure({ port: 8000 }, silent, [loopback(80), open(9000)]).fix).toContain('Set service.port to 9000, or');
  expect(silenceFailure({ port: 8000 }, silent, [loopback(80)]).fix).toContain(
    'Set service.port to 80, and let the server listen on 0.0.0.0',
  );
});

it('shows what a health check printed, without secrets', () => {
  const log = [
    { ExitCode: 1, Output: 'old' },
    { ExitCode: 2, Output: 'no database\n\npassword hunter2\n' },
  ];
  expect(healthcheckFailure({ Status: 'unhealthy', Log: log }, (text) => text.replace('hunter2', '***'))).toMatchObject({
    code: 'unhealthy',
    message: 'The health check of the image fails (exit code 2).',
    evidence: { lastLines: ['no database', 'password ***'] },
  });
  expect(healthcheckFailure({ Status: 'starting' }, (text) => text)).toMatchObject({
    message: expect.stringContaining('not run yet'),
    evidence: {},
  });
});
