// Whose an address is, when answers of ECS come late or out of order.
import { expect, it } from 'vitest';
import { createAddressBook } from './address-book.ts';

const at = (seconds: number): Date => new Date(seconds * 1000);
const older = { taskId: 'older', address: '10.0.0.7', createdAt: at(1) };
const younger = { taskId: 'younger', address: '10.0.0.7', createdAt: at(2) };

it.each([
  ['in order', [older, younger]],
  ['out of order', [younger, older]],
  ['again and again', [younger, older, younger, older]],
])('an address is the youngest task’s, described %s [AWS-4]', (_name, tenants) => {
  const book = createAddressBook();
  for (const tenant of tenants) book.note(tenant);
  expect([book.isHome(older), book.isHome(younger)]).toEqual([false, true]);
});

it('a task that left the list is not home, until it is listed again', () => {
  const book = createAddressBook();
  book.note(older);
  expect(book.isHome(older)).toBe(true);
  book.ended('older');
  expect(book.isHome(older)).toBe(false);
  book.runs('older');
  expect(book.isHome(older)).toBe(true);
});

it('a task whose address refused is not home for three seconds, whoever answers there [AWS-4]', () => {
  let time = 0;
  const book = createAddressBook(() => time);
  book.doubt('older');
  time = 2999;
  expect([book.isHome(older), book.isHome(younger)]).toEqual([false, true]);
  time = 3001;
  expect(book.isHome(older)).toBe(true);
});

it('takes a task that it has never seen at its word', () => {
  expect(createAddressBook().isHome(older)).toBe(true);
});

it('remembers ten thousand addresses and not more', () => {
  const book = createAddressBook();
  for (let count = 0; count < 20_000; count += 1) book.note({ taskId: `task ${count}`, address: `address ${count}`, createdAt: at(count) });
  expect(book.isHome({ taskId: 'another', address: 'address 19999' })).toBe(false);
  expect(book.isHome({ taskId: 'another', address: 'address 1' })).toBe(true);
});
