import { expect, it } from 'vitest';
import { createNotes, ownerOf } from './notes.ts';
import { readSettings } from './settings.ts';

it('forgets the oldest note above a hundred, and the first owner above a thousand', () => {
  const notes = createNotes();
  for (let index = 0; index < 101; index += 1) notes.add('owner 0', `note ${index}`);
  expect([notes.of('owner 0').length, notes.of('owner 0')[0]]).toEqual([100, 'note 1']);
  for (let index = 1; index <= 1000; index += 1) notes.add(`owner ${index}`, 'note');
  expect(notes.of('owner 0')).toEqual([]);
});

it('never takes an agent for a user of the same id', () => {
  const organizationId = 'o';
  const user = ownerOf({ subjectType: 'user', organizationId, userId: 'same', userEmail: 'a@example.com' });
  expect(user).not.toBe(ownerOf({ subjectType: 'agent', organizationId, agentId: 'same', agentName: 'a' }));
});

it.each([
  [{ RUNLAYER_SERVER_ID: 's' }, 'RUNLAYER_URL is not set'],
  [{ RUNLAYER_URL: 'https://r.example', RUNLAYER_SERVER_ID: '' }, 'RUNLAYER_SERVER_ID is not set'],
  [{ RUNLAYER_URL: 'https://r.example', RUNLAYER_SERVER_ID: 's', PORT: '1e3' }, 'PORT is not a port number'],
])('refuses the settings %j', (environment, message) => {
  expect(() => readSettings(environment)).toThrow(message);
});
