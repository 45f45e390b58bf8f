// Builds the Go contender.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { inRepository, run } from '@runlayer/local-platform';
import { commandMissing } from '@runlayer/test-services';

/** Where the installer of go.dev puts it, which is on few a PATH. */
const usualPlace = '/usr/local/go/bin/go';

/** Path of the Go compiler; `undefined` when there is none. */
export function findGo(): string | undefined {
  if (commandMissing('go') === undefined) return 'go';
  return existsSync(usualPlace) ? usualPlace : undefined;
}

/** Builds bench/go into a folder; resolves to the program. */
export async function buildGo(go: string, folder: string): Promise<string> {
  const program = join(folder, 'go-proxy');
  const env = { GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local', GOPROXY: 'off' };
  const { code, stderr } = await run(go, ['build', '-o', program, '.'], { cwd: inRepository('bench/go'), env });
  if (code !== 0) throw new Error(`bench/go could not be built:\n${stderr}`);
  return program;
}
