import { expect, it } from 'vitest';
import { createTableTurns } from './table-turns.ts';

function gate(): { open: () => void; opened: Promise<void> } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

it('lets calls run side by side, a transaction alone, and nobody pass who came later', async () => {
  const turns = createTableTurns();
  const seen: string[] = [];
  const both = gate();
  const first = turns.beside('t', () => both.opened);
  const second = turns.beside('t', async () => both.open());
  const alone = turns.alone('t', async () => void seen.push('alone'));
  const later = turns.beside('t', async () => void seen.push('later'));
  const elsewhere = turns.beside('other', async () => void seen.push('elsewhere'));
  await Promise.all([first, second, alone, later, elsewhere]);
  expect(seen).toEqual(['elsewhere', 'alone', 'later']);
});

it('goes on after work that threw', async () => {
  const turns = createTableTurns();
  await expect(turns.alone('t', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await turns.alone('t', async () => 'yes')).toBe('yes');
});
