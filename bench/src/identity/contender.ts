// What is measured is an operation on inputs that are made beforehand.
import type { SigningKey } from '@runlayer/identity-forward';

/** One thing to measure. */
export interface Contender<Input = unknown> {
  /** Inputs for the operation, each another one: nothing remembered of the one before helps. Not measured. */
  readonly prepare: (count: number) => Promise<readonly Input[]>;
  /** What is measured. Throws or rejects when it does not succeed. */
  readonly operation: (input: Input) => unknown;
  /** The input with a wrong signature, which the operation must refuse: proof that it verifies. */
  readonly spoil?: (input: Input) => Input;
}

/** A contender and how it is run, as tables name it. */
export interface Entry {
  readonly title: string;
  /** How many operations are under way together; 0 for an operation that is over when it returns. */
  readonly atOnce: number;
  readonly make: (key: SigningKey) => Promise<Contender>;
  /** Whether it computes a signature and nothing else. */
  readonly bare?: boolean;
}

/** Keeps the types of a contender's inputs to itself. */
export function contender<Input>(one: Contender<Input>): Contender {
  return one as unknown as Contender;
}
