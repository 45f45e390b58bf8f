// The server has the last word on a file: it may know limits that this command does not.
import { formatIssue, type Issue } from '@runlayer/errors';
import { cliError } from '../error-codes.ts';
import { invalid, type Project } from '../project/load-project.ts';
import type { DeployWorld } from './world.ts';

/** Asks the server whether the file is right. @throws ERR_CLI_CONFIG_INVALID with every fault the server names */
export async function checkWithServer(project: Project, { client, report, signal }: DeployWorld): Promise<void> {
  const { valid, error, issues, warnings } = await report.working('Checking the configuration', () =>
    client.deployments.validate(project.text, { signal }),
  );
  // The server reads the file as this command did: only what it alone knows is news.
  for (const warning of warnings ?? []) if (!isTold(project, warning)) report.warn(formatIssue(warning, project.file));
  if (valid) return;
  if (Array.isArray(issues) && issues.length > 0) throw invalid(project.file, issues);
  throw cliError('ERR_CLI_CONFIG_INVALID', `The server refuses ${project.file}: ${error ?? 'it gives no reason'}`);
}

/** Places may differ: the server sees the file with its variables filled in. */
function isTold({ warnings }: Project, { path, message }: Issue): boolean {
  return warnings.some((told) => told.path === path && told.message === message);
}
