import { describe, expect, it } from 'vitest';
import type { Subject } from '../subject.ts';
import { createCallerCache } from './caller-cache.ts';

const user: Subject = { subjectType: 'user', organizationId: 'o', userId: 'u', userEmail: 'e' };
const obo: Subject = { ...user, subjectType: 'obo', agentId: 'a', agentName: 'n' };

/** A cache of texts, and how many it has made. */
function counted(size: number): { get: (subject: Subject, serverId: string) => string; made: () => number } {
  let made = 0;
  const get = createCallerCache(size, (subject, serverId) => {
    made += 1;
    return JSON.stringify([subject, serverId]);
  });
  return { get, made: () => made };
}

describe('what was made for a caller and a server', () => {
  it('serves again, also for another object with the same fields', () => {
    const { get, made } = counted(10);
    expect(get({ ...obo }, 's')).toBe(get(obo, 's'));
    expect(made()).toBe(1);
  });

  it.each<[string, object]>([
    ['type', { subjectType: 'user' }],
    ['organization', { organizationId: 'x' }],
    ['user', { userId: 'x' }],
    ['email', { userEmail: 'x' }],
    ['agent', { agentId: 'x' }],
    ["agent's name", { agentName: 'x' }],
  ])('does not serve once the %s has changed in place [ID-3]', (_name, change) => {
    const { get } = counted(10);
    const subject: Subject = { ...obo };
    const before = get(subject, 's');
    Object.assign(subject, change);
    expect(get(subject, 's')).not.toBe(before);
    expect(get(subject, 's')).toBe(counted(0).get(subject, 's'));
  });

  it.each<[string, Subject, Subject]>([
    ['a user and an agent with one id', user, { subjectType: 'agent', organizationId: 'o', agentId: 'u', agentName: 'n' }],
    ['an agent for two users', obo, { ...obo, userId: 'v' }],
    [
      'two users through one agent, whose ids read alike joined',
      { ...obo, agentId: 'a b', userId: 'c' },
      { ...obo, agentId: 'a', userId: 'b c' },
    ],
    ['users of two organizations with one id', user, { ...user, organizationId: 'p' }],
  ])('is not mixed up between %s [ID-3]', (_name, one, other) => {
    const { get } = counted(10);
    for (const subject of [one, other, one, other]) {
      expect(get(subject, 's')).toBe(counted(0).get(subject, 's'));
      expect(get(subject, 't')).toBe(counted(0).get(subject, 't'));
    }
  });

  it('is kept for as many pairs as allowed and no more', () => {
    const { get, made } = counted(4);
    const pairs = ['a', 'b'].flatMap((userId) => ['s', 't'].map((serverId) => [{ ...user, userId }, serverId] as const));
    for (let round = 0; round < 3; round += 1) for (const pair of pairs) get(...pair);
    expect(made()).toBe(4);
    get(user, 'another');
    for (const pair of pairs) get(...pair);
    expect(made()).toBe(4 + 1 + 4);
  });

  it('is not kept when none may be', () => {
    const { get, made } = counted(0);
    get(user, 's');
    get(user, 's');
    expect(made()).toBe(2);
  });

  it('is not kept when it could not be made', () => {
    let broken = true;
    const get = createCallerCache(10, () => {
      if (broken) throw new Error('no');
      return 'made';
    });
    expect(() => get(user, 's')).toThrow('no');
    broken = false;
    expect(get(user, 's')).toBe('made');
  });
});
