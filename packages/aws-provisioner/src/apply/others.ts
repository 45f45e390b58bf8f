// What another process does to the same deployment meanwhile, as far as an apply has to know.
import { codeOf, reasonOf } from '../calls/aws-error.ts';

/** Ends a wait on a rollout that another process has replaced by one of its own. */
export class Superseded extends Error {}

/** Ends an apply beneath which another process has removed something: it can begin again. */
export class Vanished extends Error {}

/** Whether ECS refuses since somebody has removed the service, or the task definition that it is to run. */
export function isRemoved(error: unknown): boolean {
  if (codeOf(error) === 'ServiceNotActiveException') return true;
  const isAboutDefinition = /task ?definition.*(inactive|not found|does not exist|delet)|unable to describe task ?definition/i.test(
    reasonOf(error),
  );
  return /^(Client|InvalidParameter)Exception$/.test(codeOf(error)) && isAboutDefinition;
}
