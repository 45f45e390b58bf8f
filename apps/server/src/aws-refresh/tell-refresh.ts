// What a refresh says of each deployment: pure, so that every case can be read in a test. No value of a variable is in it.
import type { FoundDeployment } from '@runlayer/aws-provisioner';
import type { RestoreResult } from '@runlayer/control-plane';

/** How one deployment ended: restored, known before, to be restored, or somebody else's. */
export type RefreshResult = RestoreResult | 'planned' | 'foreign';

/** A deployment as `--json` shows it. */
export interface RefreshedDeployment {
  readonly id: string;
  readonly name: string | null;
  readonly result: RefreshResult;
  readonly state: FoundDeployment['state'];
  readonly release_id: string | null;
  readonly image: string | null;
  /** What of it could not be restored, in words. */
  readonly warning: string | null;
}

/** One entry of the result. */
export function refreshed(
  { deploymentId, spec, state, lacksValues, isForeign }: FoundDeployment,
  result: RefreshResult,
): RefreshedDeployment {
  return {
    id: deploymentId,
    name: spec?.name ?? null,
    result,
    state,
    release_id: spec?.releaseId ?? null,
    image: spec?.image ?? null,
    warning: warningOf({ hasSpec: spec !== undefined, lacksValues, isForeign }),
  };
}

function warningOf({ hasSpec, lacksValues, isForeign }: { hasSpec: boolean; lacksValues: boolean; isForeign: boolean }): string | null {
  if (isForeign) return "Something with its name carries somebody else's tags; it was left alone.";
  if (!hasSpec) return 'It was never deployed so far: only its id is known. Deploy it from its file, or destroy it.';
  return lacksValues ? 'The values of its variables are gone; deploy it from its file before its tasks restart.' : null;
}

const words: Readonly<Record<RefreshResult, string>> = {
  restored: 'restored',
  known: 'known',
  planned: 'to restore',
  foreign: 'foreign',
};

/** Its line, and a line for what is to be known of it. */
export function lineOf({ id, name, result, state, warning }: RefreshedDeployment): string {
  const line = `${words[result].padEnd(10)}  ${id}  ${(name ?? '-').padEnd(20)}  ${state}\n`;
  return warning === null || result === 'known' ? line : `${line}            ${warning}\n`;
}

/** How many of each. */
export function countText(all: readonly RefreshedDeployment[], isPlan: boolean): string {
  if (all.length === 0) return 'There is no deployment of this environment in AWS.\n';
  const count = (result: RefreshResult): number => all.filter((one) => one.result === result).length;
  const done = isPlan ? `${count('planned')} to restore` : `${count('restored')} restored`;
  const next =
    count('restored') === 0
      ? ''
      : 'Not in AWS: exposed paths, build settings, connectors. Deploy each file again, and register the connectors.\n';
  return `${done}, ${count('known')} known before, ${count('foreign')} of somebody else.\n${next}`;
}
