// What the steps of one apply work with, and how they tell of themselves.
import type { ApplyEvent } from '@runlayer/provisioner';
import type { Emit } from '@runlayer/provisioner/driver';
import type { AwsContext } from '../calls/context.ts';

/** One apply under way. */
export interface AwsApply {
  readonly context: AwsContext;
  readonly emit: Emit<ApplyEvent>;
}

/** Tells of a step. */
export function step({ emit }: AwsApply, name: string, message: string): void {
  void emit({ type: 'step', step: name, message });
}
