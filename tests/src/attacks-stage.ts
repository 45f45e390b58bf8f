// What the tests of one file share: a scene that outlives each of them unharmed, and a voice that says requests byte by byte.
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { sayRaw } from './attacks-caller.ts';
import { startScene, type Scene } from './attacks-scene.ts';

/** How a file speaks to its scene. */
export interface Voice {
  /** A path that no other test uses. */
  mark(): string;
  /** Writes pieces to the platform and gives all that comes back. */
  say(...pieces: readonly string[]): Promise<string>;
  /** The header line with a key, Alice's if none is given. */
  keyLine(key?: string): string;
}

/** Starts a scene for the file; after each test both deployments answer, by the same server process as before. */
export function useScene(started: (scene: Scene) => void): Voice {
  let scene: Scene;
  let pid: number | undefined;
  let marks = 0;
  beforeAll(async () => {
    scene = await startScene();
    pid = scene.platform.process.pid;
    started(scene);
  });
  afterEach(async () => {
    await scene.bothServe();
    expect(scene.platform.process).toMatchObject({ pid, exitCode: null, signalCode: null });
  });
  afterAll(() => scene.stop());
  return {
    mark: () => `/mark-${(marks += 1)}-`,
    say: (...pieces) => sayRaw(scene.platform.port, ...pieces),
    keyLine: (key = scene.alice.key) => `x-runlayer-api-key: ${key}`,
  };
}
