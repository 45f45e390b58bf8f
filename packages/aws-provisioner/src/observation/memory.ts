// What a provisioner remembers of what it saw. AWS is the truth; this says which of its answers is the later one, and serves while there is none.
import type { WorkloadSpec } from '@runlayer/provisioner';
import { type AddressBook, createAddressBook } from './address-book.ts';
import { createLastServed, type LastServed } from './last-served.ts';
import { createSeenImages, type SeenImages } from '../image/registry/seen-images.ts';
import { createUnsettled, type Unsettled } from './unsettled.ts';
import { knock } from './vouching.ts';

/** One memory for all verbs of a provisioner. */
export interface Memory {
  readonly addresses: AddressBook;
  readonly served: LastServed;
  readonly unsettled: Unsettled;
  readonly images: SeenImages;
  /** Task definitions whose trials callers are with, and what they were made from, by deployment. */
  readonly standIns: Map<string, { readonly taskDefinition: string; readonly spec: WorkloadSpec }>;
  /** Callers go to the tasks of the service again, whichever these are. */
  takeBack(deploymentId: string): void;
  /** Whether `watch` runs, and has heard nothing of AWS for longer than it should. */
  isDeaf(): boolean;
  /** Until when it should have heard something, as `performance.now()`; `Infinity` while nobody watches. */
  hearsBy: number;
}

/** An empty memory. */
export function createMemory({ pollMs }: { readonly pollMs: number }): Memory {
  return {
    addresses: createAddressBook(),
    served: createLastServed(knock),
    unsettled: createUnsettled(pollMs),
    images: createSeenImages(),
    standIns: new Map(),
    hearsBy: Infinity,
    takeBack(deploymentId) {
      // The routes may still lead to the trials.
      if (this.standIns.delete(deploymentId)) this.unsettled.mark(deploymentId);
    },
    isDeaf() {
      return performance.now() > this.hearsBy;
    },
  };
}
