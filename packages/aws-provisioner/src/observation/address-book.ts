// Whose each private address is. AWS gives an address to the next task as soon as one has ended, and its lists lag:
// what one answer of ECS says of a task may be older than what another has told of its successor.

/** A task that has or had an address. */
export interface Tenant {
  readonly taskId: string;
  /** `undefined` while it has none. */
  readonly address: string | undefined;
  readonly createdAt?: Date | undefined;
}

/** Addresses and tasks, as far as this process has seen them. */
export interface AddressBook {
  /** Takes a task as ECS describes it. */
  note(tenant: Tenant): void;
  /** The task is not meant to run any more. */
  ended(taskId: string): void;
  /**
   * Its address takes no connections: what answers there in the next seconds may be another task, which ECS has not told of yet.
   * The address of a task that has ended is given away only after ECS has told of the end, so later it tells the truth again.
   */
  doubt(taskId: string): void;
  /** The task is listed, again perhaps. */
  runs(taskId: string): void;
  /** Whether nothing speaks against it that this task is the one behind its address. */
  isHome(tenant: Tenant): boolean;
}

/** Entries of each kind; the oldest goes for a new one. */
const most = 10_000;
/** How far answers of ECS may lag behind, milliseconds. */
const longestLagMs = 3000;

/** An empty book. */
export function createAddressBook(now: () => number = () => performance.now()): AddressBook {
  const owners = new Map<string, { readonly taskId: string; readonly since: number }>();
  const gone = new Set<string>();
  const doubted = new Map<string, number>();
  return {
    note({ taskId, address, createdAt }) {
      if (address === undefined) return;
      const since = createdAt?.getTime() ?? 0;
      const known = owners.get(address);
      if (known !== undefined && known.since > since) return;
      owners.delete(address);
      owners.set(address, { taskId, since });
      if (owners.size > most) owners.delete(owners.keys().next().value as string);
    },
    ended(taskId) {
      gone.add(taskId);
      if (gone.size > most) gone.delete(gone.values().next().value as string);
    },
    doubt(taskId) {
      doubted.delete(taskId);
      doubted.set(taskId, now() + longestLagMs);
      if (doubted.size > most) doubted.delete(doubted.keys().next().value as string);
    },
    runs: (taskId) => void gone.delete(taskId),
    isHome({ taskId, address }) {
      const owner = owners.get(address ?? '');
      const isDoubted = (doubted.get(taskId) ?? 0) > now();
      return !gone.has(taskId) && !isDoubted && (owner === undefined || owner.taskId === taskId);
    },
  };
}
