import { expect, it } from 'vitest';
import { createLine } from './ask-primary.ts';
import type { FromWorker } from './messages.ts';

function bench() {
  const sent: FromWorker[] = [];
  const line = createLine((message) => void sent.push(message));
  return { sent, line };
}

it('gives each question the answer that was meant for it', async () => {
  const { sent, line } = bench();
  const questions = [line.ask('authenticate', { credential: 'a' }), line.ask('authenticate', { credential: 'b' })];
  const [first, second] = sent as { id: number }[];
  line.heard({ type: 'answer', id: second?.id ?? 0, failed: false, value: { organizationId: 'b', mayCall: true } });
  line.heard({ type: 'answer', id: first?.id ?? 0, failed: false });
  expect(await Promise.all(questions)).toEqual([undefined, { organizationId: 'b', mayCall: true }]);
});

it('rejects when the primary process could not tell, and hears an answer once', async () => {
  const { sent, line } = bench();
  const question = line.ask('signingKey', undefined);
  const { id } = sent[0] as { id: number };
  line.heard({ type: 'answer', id, failed: true });
  line.heard({ type: 'answer', id, failed: false, value: {} });
  await expect(question).rejects.toThrow('could not tell');
});

it('asks no more when too many questions wait', async () => {
  const { line } = bench();
  for (let asked = 0; asked < 10_000; asked += 1) line.ask('signingKey', undefined).catch(() => {});
  await expect(line.ask('signingKey', undefined)).rejects.toThrow('Too many');
});
