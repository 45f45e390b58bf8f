// The members of a crowd that changes with every call: an array without holes, where whoever leaves gives their place to the last.

/** A member keeps its own place. */
export interface Listed {
  /** Index in the list; -1 outside of it. */
  listIndex: number;
}

/**
 * In place of a `Set`: one that grows and shrinks all the time leaves a chain of outgrown tables behind, and while the oldest of them
 * waits for a full collection it keeps every later one alive, with all that was ever in them.
 */
export class LiveList<Member extends Listed> {
  readonly #members: Member[] = [];

  get size(): number {
    return this.#members.length;
  }

  add(member: Member): void {
    member.listIndex = this.#members.length;
    this.#members.push(member);
  }

  remove(member: Member): void {
    const { listIndex } = member;
    if (listIndex === -1) return;
    const last = this.#members.pop() as Member;
    if (last !== member) {
      this.#members[listIndex] = last;
      last.listIndex = listIndex;
    }
    member.listIndex = -1;
  }

  /** The members of now, in no particular order. */
  all(): Member[] {
    return [...this.#members];
  }
}
