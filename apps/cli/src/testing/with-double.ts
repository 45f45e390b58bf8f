// A double and a sandbox for each test of a file, with the credentials in the environment.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { type PlatformDouble, startPlatformDouble } from './platform-double.ts';
import { createSandbox, type Finished, type Sandbox } from './run-command.ts';

/** What a test works with. */
export interface Stage {
  readonly platform: PlatformDouble;
  readonly sandbox: Sandbox;
  runlayer(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Finished>;
  write(file: string, text: string): Promise<void>;
  read(file: string): Promise<string>;
  /** Method and path of each request, in order; ids shown as `{id}`. */
  requests(): string[];
}

/** Sets the stage before each test and clears it after. */
export function withDouble(): Stage {
  const stage: { -readonly [Key in keyof Stage]: Stage[Key] } = {} as Stage;
  beforeEach(async () => {
    const platform = await startPlatformDouble();
    const sandbox = await createSandbox({ RUNLAYER_HOST: platform.url, RUNLAYER_API_KEY: platform.key });
    Object.assign(stage, {
      platform,
      sandbox,
      runlayer: (args: readonly string[], env?: Readonly<Record<string, string>>) => sandbox.run(args, env),
      write: (file: string, text: string) => writeFile(join(sandbox.folder, file), text),
      read: (file: string) => readFile(join(sandbox.folder, file), 'utf8'),
      requests: () => platform.seen.map(({ method, path }) => `${method} ${path.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '{id}')}`),
    } satisfies Stage);
  });
  afterEach(async () => {
    await stage.platform.close();
    await stage.sandbox.remove();
  });
  return stage;
}
