// From calls of the SDK to statements of a policy: which action each call needs, and what it may be done to.
import type { PolicyDocument, PolicyStatement } from '../../policies/policy-document.ts';
import type { Place } from './place.ts';

/** What actions may be done to, and under which conditions. */
export type Rule = (place: Place) => Pick<PolicyStatement, 'Resource' | 'Condition'>;

/** Actions that one call needs under one rule. */
export interface Grant<Name extends string> {
  readonly rule: Name;
  readonly actions: readonly string[];
}

/** What each call needs: `<client>.<Operation>`, where the client is the last part of its package's name, such as `ecs.RunTask`. */
export type CallTable<Name extends string> = Readonly<Record<string, readonly Grant<Name>[]>>;

/** Makes grants of known rules; a rule that does not exist does not compile. */
export function grantMaker<Name extends string>(): (rule: Name, ...actions: string[]) => Grant<Name> {
  return (rule, ...actions) => ({ rule, actions });
}

/** One statement for each of the rules that a call needs, in their order, with its actions in alphabetical order. */
export function policyOf(rules: Readonly<Record<string, Rule>>, calls: CallTable<string>, place: Place): PolicyDocument {
  const grants = Object.values(calls).flat();
  const statements = Object.entries(rules).flatMap(([Sid, rule]): PolicyStatement[] => {
    const actions = [...new Set(grants.filter((grant) => grant.rule === Sid).flatMap((grant) => grant.actions))].sort();
    return actions.length === 0 ? [] : [{ Sid, Effect: 'Allow', Action: actions, ...rule(place) }];
  });
  return { Version: '2012-10-17', Statement: statements };
}

/** A managed policy, ready to be made. */
export interface NamedPolicy {
  readonly name: string;
  /** At most 6,144 characters as JSON without blanks. */
  readonly document: PolicyDocument;
}
