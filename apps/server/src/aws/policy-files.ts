// Writes policies to files, one for each: that is what the tools of AWS take.
import { writeFileSync } from 'node:fs';
import { parse } from 'node:path';
import type { NamedPolicy } from '@runlayer/aws-provisioner/bootstrap';
import { fail } from '../error-codes.ts';

/** A policy and the file that holds it. */
export interface PolicyFile {
  readonly name: string;
  readonly file: string;
}

/** Of several policies each gets the end of its own name: `server.json` becomes `server-compute.json` and `server-data.json`. */
export function policyFilesOf(file: string, policies: readonly NamedPolicy[]): PolicyFile[] {
  const { dir, name: base, ext } = parse(file);
  const folder = dir === '' ? '' : `${dir.replace(/\/$/, '')}/`;
  return policies.map(({ name }) => ({
    name,
    file: policies.length === 1 ? file : `${folder}${base}-${name.split('-').at(-1) ?? ''}${ext}`,
  }));
}

/** Writes them. @throws ERR_AWS_POLICY_FILE */
export function writePolicies(file: string, policies: readonly NamedPolicy[]): PolicyFile[] {
  const files = policyFilesOf(file, policies);
  for (const [index, { file: path }] of files.entries()) {
    try {
      writeFileSync(path, `${JSON.stringify(policies[index]?.document, null, 2)}\n`);
    } catch (error) {
      throw fail('ERR_AWS_POLICY_FILE', `The policy cannot be written to ${path}: ${(error as Error).message}.`, { cause: error });
    }
  }
  return files;
}
