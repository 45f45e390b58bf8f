import { expect, it } from 'vitest';
import { evidenceOf, placementFailure, taskFailure } from './task-failure.ts';

it.each([
  ['CannotPullContainerError: image Manifest does not contain descriptor matching platform linux/arm64', 'wrong_architecture'],
  ['CannotPullContainerError: pull image manifest has been retried 7 time(s): failed to resolve ref x: not found', 'image_missing'],
  ['CannotPullContainerError: pull access denied', 'registry_auth'],
  ['CannotPullContainerError: i/o timeout', 'image_missing'],
  ['OutOfMemoryError: Container killed due to memory usage', 'out_of_memory'],
  ['ECS was unable to assume the role arn:aws:iam::1:role/x', 'role_not_assumable'],
  ['Capacity is unavailable at this time. Please try again later.', 'no_capacity'],
  ["You've reached the limit on the number of vCPUs you can run concurrently", 'no_capacity'],
  ['Task failed container health checks', 'unhealthy'],
  ['ResourceInitializationError: unable to pull secrets or registry auth', 'engine_error'],
  ['Something new', 'engine_error'],
])('names the cause of "%s" [PLAT-4]', (stoppedReason, code) => {
  const failure = taskFailure({ task: { stoppedReason }, lastLines: [] });
  expect(failure.code).toBe(code);
  expect(failure.message).toMatch(/\.$/);
  expect(failure.fix).toMatch(/\.$/);
});

it.each([
  [0, /ended by itself/],
  [3, /exited with code 3/],
  [127, /could not be run/],
  [143, /signal 15/],
])('reads the exit code %i [PLAT-4]', (exitCode, message) => {
  const failure = taskFailure({
    task: { containers: [{ exitCode }], stoppedReason: 'Essential container in task exited' },
    lastLines: ['bye'],
  });
  expect(failure).toMatchObject({
    code: 'exited_at_start',
    message: expect.stringMatching(message),
    evidence: { exitCode, lastLines: ['bye'] },
  });
});

it('sees a wrong architecture in what the container wrote', () => {
  const task = { containers: [{ exitCode: 255 }] };
  expect(taskFailure({ task, lastLines: ['exec /server: exec format error'] }).code).toBe('wrong_architecture');
});

it('keeps at most 20 lines of 500 characters', () => {
  const { lastLines } = evidenceOf(Array.from({ length: 30 }, () => 'x'.repeat(600)));
  expect(lastLines).toHaveLength(20);
  expect(lastLines?.[0]).toHaveLength(500);
  expect(placementFailure('').message).toMatch(/does not say why/);
});
