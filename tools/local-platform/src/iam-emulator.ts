// Starts an emulator of AWS in which policies, trust policies and signatures count: two accounts that do not trust each other, on one machine.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from './free-port.ts';
import { pythonEnvironment } from './python.ts';
import { waitFor } from './wait.ts';

/** An emulator that runs. A 12-digit access key id is the root user of that account. */
export interface IamEmulator {
  readonly endpoint: string;
  stop(): Promise<void>;
}

const requirements = 'packages/aws-provisioner/emulators/requirements.txt';

/** Why the emulator cannot be started here, or nothing. Makes its Python environment on the first call. */
export async function iamEmulatorMissing(): Promise<string | undefined> {
  const python = await pythonEnvironment(requirements);
  return typeof python === 'string' ? python : undefined;
}

/** Starts it; needs no Docker engine. */
export async function startIamEmulator(): Promise<IamEmulator> {
  const python = await pythonEnvironment(requirements);
  if (typeof python === 'string') throw new Error(python);
  const port = await freePort();
  const settings = { AUTH: 'true', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', IOT_MTLS_ENABLED: '0', SFTP_ENABLED: '0' };
  const env = { ...process.env, ...settings, GATEWAY_PORT: String(port), LOG_LEVEL: 'WARNING' };
  const child = spawn(`${python.bin}/ministack`, [], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = (said + String(chunk)).slice(-4000)));
  const orphaned = (): void => void child.kill('SIGTERM');
  process.once('exit', orphaned);
  const endpoint = `http://127.0.0.1:${port}`;
  await waitFor('the emulator answers', async () => {
    if (child.exitCode !== null) throw new Error(`the emulator ended: ${said}`);
    return fetch(`${endpoint}/_ministack/health`).then(
      ({ ok }) => ok || undefined,
      () => undefined,
    );
  });
  return {
    endpoint,
    async stop() {
      process.off('exit', orphaned);
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}
