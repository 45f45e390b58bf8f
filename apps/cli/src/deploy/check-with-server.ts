// The server has the last word on a file: it may know limits that this command does not.
import { formatIssue } from '@runlayer/errors';
import { cliError } from '../error-codes.ts';
import { invalid, type Project } from '../project/load-project.ts';
import type { DeployWorld } from './world.ts';

/** Asks the server whether the file is right. @throws ERR_CLI_CONFIG_INVALID with every fault the server names */
export async function checkWithServer(project: Project, { client, report, signal }: DeployWorld): Promise<void> {
  const { valid, error, issues, warnings } = await report.working('Checking the configuration', () =>
    client.deployments.validate(project.text, { signal }),
  );
  for (const warning of warnings ?? []) report.warn(formatIssue(warning, project.file));
  if (valid) return;
  if (Array.isArray(issues) && issues.length > 0) throw invalid(project.file, issues);
  throw cliError('ERR_CLI_CONFIG_INVALID', `The server refuses ${project.file}: ${error ?? 'it gives no reason'}`);
}
