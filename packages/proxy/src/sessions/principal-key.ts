// Names for those who own sessions.
import type { Subject } from '@runlayer/identity-forward';

/** One name for each subject: a person, an agent, each pair of both, and everybody without a name together. */
export function principalKey(subject: Subject | undefined): string {
  switch (subject?.subjectType) {
    case undefined:
      return 'anonymous';
    case 'user':
      return `user:${subject.userId}`;
    case 'agent':
      return `agent:${subject.agentId}`;
    case 'obo':
      return `obo:${subject.agentId}:${subject.userId}`;
  }
}
