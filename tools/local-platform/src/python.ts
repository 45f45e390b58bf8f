// A Python environment with pinned packages, made once and kept in the repository's cache folder.
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { rm, symlink, writeFile } from 'node:fs/promises';
import { inRepository } from './repository.ts';
import { run } from './run.ts';

export interface PythonEnvironment {
  /** Path of its interpreter. */
  readonly python: string;
  /** Folder of its programs. */
  readonly bin: string;
}

/** Makes the environment that a requirements file asks for; a string says why that cannot be done here. */
export async function pythonEnvironment(requirementsFile: string): Promise<PythonEnvironment | string> {
  const requirements = inRepository(requirementsFile);
  const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = inRepository(`.cache/python-${hash}`);
  if (!existsSync(`${folder}/.complete`)) {
    const failure = await makeEnvironment(folder, requirements);
    if (failure !== undefined) return failure;
  }
  return { python: `${folder}/bin/python`, bin: `${folder}/bin` };
}

/**
 * Makes it in a folder of this process, and puts it in place with one call: test files that run side by side may all want it first.
 * A virtual environment cannot be moved, so what is put in place is a link.
 */
async function makeEnvironment(folder: string, requirements: string): Promise<string | undefined> {
  const own = `${folder}.${randomBytes(6).toString('hex')}`;
  try {
    const made = await run('python3', ['-m', 'venv', own]);
    if (made.code !== 0) return `python3 cannot make a virtual environment: ${made.stderr.trim()}`;
  } catch {
    return 'python3 is not installed';
  }
  const installed = await run(`${own}/bin/pip`, ['install', '--quiet', '--requirement', requirements]);
  if (installed.code !== 0) return `the Python packages could not be installed: ${installed.stderr.trim().slice(-300)}`;
  await writeFile(`${own}/.complete`, '');
  await put(own, folder);
  return undefined;
}

/** Where another process was faster, its environment stays: it may be in use. */
async function put(own: string, folder: string): Promise<void> {
  // What a killed run has left half made, before environments were links.
  if (!existsSync(`${folder}/.complete`)) await rm(folder, { recursive: true, force: true });
  try {
    await symlink(own, folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    await rm(own, { recursive: true, force: true });
  }
}
