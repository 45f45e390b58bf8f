// Remembers for which processors an image is built: what a digest names never changes, and registries count how often they are asked.

/** Architectures by digest. */
export interface SeenImages {
  find(digest: string): readonly string[] | undefined;
  keep(digest: string, architectures: readonly string[]): void;
}

/** Images that are remembered; the one that was asked for longest ago is forgotten first. */
const most = 1000;

/** Remembers nothing yet. */
export function createSeenImages(): SeenImages {
  const known = new Map<string, readonly string[]>();
  return {
    find(digest) {
      const found = known.get(digest);
      if (found === undefined) return undefined;
      known.delete(digest);
      known.set(digest, found);
      return found;
    },
    keep(digest, architectures) {
      // One that does not say may be one whose configuration could not be had this time.
      if (architectures.length === 0) return;
      known.set(digest, architectures);
      const [oldest] = known.keys();
      if (known.size > most && oldest !== undefined) known.delete(oldest);
    },
  };
}
