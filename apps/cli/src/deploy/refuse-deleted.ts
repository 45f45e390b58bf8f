// A deleted deployment is not deployed, pulled or revived.
import { cliError } from '../error-codes.ts';

interface DeletionState {
  readonly id: string;
  readonly name: string;
  readonly deletion_status: 'deleting' | 'deleted' | null;
}

/** @throws ERR_CLI_DEPLOYMENT_DELETED when the deployment is deleted or about to be */
export function refuseDeleted({ id, name, deletion_status }: DeletionState): void {
  if (deletion_status === null || deletion_status === undefined) return;
  const state = deletion_status === 'deleted' ? 'was deleted' : 'is being deleted';
  throw cliError('ERR_CLI_DEPLOYMENT_DELETED', `The deployment ${name} (${id}) ${state}.`, {
    data: { deployment_id: id, deletion_status },
  });
}
