// Notes in memory, each person's and each agent's apart.
import type { Subject } from '@runlayer/identity-forward';

/** The longest note, in characters. */
export const longestNote = 2000;
const mostNotes = 100;
const mostOwners = 1000;

/** Keeps notes by owner. */
export interface Notes {
  /** Adds a note and returns how many the owner has. The oldest goes when there are more than 100. */
  add(owner: string, text: string): number;
  /** The owner's notes, oldest first. */
  of(owner: string): readonly string[];
}

/** An empty notebook. It forgets the owner that came first when there are more than 1000. */
export function createNotes(): Notes {
  const byOwner = new Map<string, string[]>();
  return {
    add(owner, text) {
      const notes = byOwner.get(owner) ?? [];
      notes.push(text);
      if (notes.length > mostNotes) notes.shift();
      byOwner.set(owner, notes);
      const [first] = byOwner.keys();
      if (byOwner.size > mostOwners && first !== undefined) byOwner.delete(first);
      return notes.length;
    },
    of: (owner) => byOwner.get(owner) ?? [],
  };
}

/** Whose notes a caller sees: a person's, also when an agent acts for them; else the agent's own. */
export function ownerOf(subject: Subject): string {
  const id = subject.subjectType === 'agent' ? `agent:${subject.agentId}` : `user:${subject.userId}`;
  return `${subject.organizationId}/${id}`;
}
