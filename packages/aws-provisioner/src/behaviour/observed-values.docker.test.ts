// Where the values of a user's variables may be seen: in the container and in its secret, and nowhere else in the account or in what we say.
import type { Provisioner } from '@runlayer/provisioner';
import { describeWith } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { applyAll, destroy, next, serve } from '../../fixtures/drive.ts';
import { emulatorMissing } from '../../fixtures/emulator.ts';
import { intercept, refusal } from '../../fixtures/interception.ts';
import { testSpec } from '../../fixtures/specs.ts';
import type { Snapshot } from '../../observer/snapshot.ts';
import { onlyTask, openTheatre, servedAt, type Theatre } from '../../observer/theatre.ts';

/** Values as people have them; each begins with a word that is found nowhere else. */
const values: Record<string, string> = {
  PLAIN: 'canary-plain-hunter2',
  QUOTED: `canary "double" 'single' \`back\``,
  LINES: 'canary-first-line\ncanary-second-line\r\ncanary-third-line\n',
  TABBED: 'canary\ttab\u0001\\backslash',
  UNICODE: 'canary-schlüssel-🔑-キー',
  DOLLAR: 'canary-$HOME-${TOKEN}-$$(id)-%PATH%',
  JSON: '{"canary": "in-json", "n": 1}',
  URL: 'https://user:canary-p%40ss@example.org/?a=b&c=d',
  LONG: `canary-long-${'0123456789'.repeat(199)}`,
  BLANKS: '  canary with blanks  ',
};

/** A value in all the ways it could slip out. */
function disguises(value: string): string[] {
  const bytes = Buffer.from(value);
  const reversed = Array.from(value).reverse().join('');
  const plain = [value, value.trim(), ...value.split(/\r?\n/), reversed];
  const told = [JSON.stringify(value).slice(1, -1), JSON.stringify(JSON.stringify(value)).slice(3, -3), encodeURIComponent(value)];
  // Without its last characters, which depend on what follows.
  const encoded = [bytes.toString('base64'), bytes.toString('base64url'), bytes.toString('hex')].map((text) => text.slice(0, -4));
  return [...plain, ...told, ...encoded, value.slice(0, 100)].filter((text) => text.length >= 6);
}

const needles = Object.values(values).flatMap(disguises);

/** Spellings of values that are found in what was said: in texts and names at any depth, of errors also in their causes and stacks. */
function leaks(said: unknown): string[] {
  const text = textsIn(said).join('\n\n');
  return needles.filter((needle) => text.includes(needle));
}

function textsIn(said: unknown): string[] {
  if (typeof said === 'string') return [said];
  if (typeof said !== 'object' || said === null) return [];
  const names = said instanceof Error ? Object.getOwnPropertyNames(said) : Object.keys(said);
  return names.flatMap((name) => [name, ...textsIn((said as Record<string, unknown>)[name])]);
}

describeWith(await emulatorMissing(), 'the values of variables on AWS', () => {
  let theatre: Theatre;
  beforeAll(async () => {
    theatre = await openTheatre();
  });
  afterAll(() => theatre.close());

  /** All there is in the account but what secrets hold. */
  async function account(): Promise<unknown> {
    const seen = await theatre.observer.snapshot('');
    return { ...seen, secrets: seen.secrets.map(({ value: _value, ...rest }) => rest) } satisfies Record<keyof Snapshot, unknown>;
  }

  it('finds a value however it is spelled', () => {
    for (const needle of needles) expect(leaks({ deep: [{ label: `x ${needle} y` }] })).toContain(needle);
    expect(leaks(new Error('x', { cause: new Error(`y ${values['PLAIN']}`) }))).toContain(values['PLAIN']);
    expect(leaks('nothing of that kind')).toEqual([]);
  });

  it('reach the container to the letter, and are in no task definition, tag, name, label, event or plan [AWS-4]', async () => {
    const { provisioner } = theatre.provisioner();
    const spec = testSpec(theatre.stage.image, { secrets: values, database: true });
    const said: unknown[] = [await provisioner.plan(spec), await applyAll(provisioner, spec)];
    const seen = await theatre.observer.snapshot(spec.deploymentId);
    const served = await servedAt(onlyTask(seen).address);
    expect(served).toMatchObject(values);
    expect(JSON.parse(seen.secrets[0]!.value!)).toEqual(values);
    const changed = next(spec, { secrets: { ...values, PLAIN: 'canary-plain-another' }, cpu: 512, memoryMiB: 1024 });
    said.push(await provisioner.plan(changed), await provisioner.status(spec.deploymentId));
    expect(leaks(await account())).toEqual([]);
    said.push(await collect(provisioner, spec.deploymentId));
    expect(leaks(said)).toEqual([]);
  });

  it.concurrent.each([
    ['first start', false],
    ['next release', true],
  ])('that a failing container writes are in no event and no evidence of its %s [PLAT-4]', async (_name, isNext) => {
    const { provisioner } = theatre.provisioner();
    const spec = testSpec(theatre.stage.image, { secrets: values });
    if (isNext) await serve(provisioner, spec);
    const lines = [
      ...Object.values(values).map((value) => `cannot connect with ${value}, giving up on ${value}`),
      values['LONG']!.repeat(5),
    ];
    for (const spilled of [lines.slice(0, 5).join('\n'), lines.slice(5).join('\n')]) {
      const events = await applyAll(provisioner, next(spec, { env: { EXIT_CODE: '3', EXIT_TEXT: spilled } }));
      expect(events.at(-1)).toMatchObject({ type: 'failed', failure: { evidence: { exitCode: 3, lastLines: expect.any(Array) } } });
      expect(JSON.stringify(events.at(-1))).toContain('***');
      expect(leaks(events)).toEqual([]);
    }
    await destroy(provisioner, spec.deploymentId);
  });

  it.concurrent('that ECS quotes as the reason of a stop are in no failure, not even cut short [PLAT-4]', async () => {
    const reason = `OutOfMemoryError: ${'x'.repeat(200)} ${values['LONG']} ${values['PLAIN']}`;
    const calls = intercept(({ operation }) =>
      operation === 'DescribeTasks'
        ? { rewrite: (body) => body.replaceAll(/"stoppedReason": ?"[^"]+"/g, () => `"stoppedReason":${JSON.stringify(reason)}`) }
        : 'pass',
    );
    const { provisioner } = theatre.provisioner({}, calls);
    const spec = testSpec(theatre.stage.image, { env: { EXIT_CODE: '3' }, secrets: values });
    const events = await applyAll(provisioner, spec);
    expect(events.at(-1)).toMatchObject({ failure: { code: 'out_of_memory', message: expect.stringMatching(/xxx \*\*\* \*\*\*/) } });
    expect(leaks(events)).toEqual([]);
    await destroy(provisioner, spec.deploymentId);
  });

  it.concurrent.each([
    ['AWS refuses them and quotes them', (body: string) => refusal('ValidationException', `The value ${body} is not valid.`)],
    ['AWS denies the call and quotes it', (body: string) => refusal('AccessDeniedException', `Not for ${body}.`)],
    ['the connection fails', (body: string) => Object.assign(new Error(`cannot send ${body}`), { code: 'ECONNRESET' })],
  ])('are in no error when %s', async (_name, refuse) => {
    const calls = intercept(({ operation, body }) => (operation === 'CreateSecret' ? { refuse: refuse(body) } : 'pass'));
    const { provisioner } = theatre.provisioner({ maxAttempts: 1, settleTimeoutMs: 200 }, calls);
    const spec = testSpec(theatre.stage.image, { secrets: values });
    const said = await applyAll(provisioner, spec).catch((error: unknown) => error);
    expect(said).toBeInstanceOf(Error);
    expect(leaks(said)).toEqual([]);
    await destroy(theatre.provisioner().provisioner, spec.deploymentId);
  });

  async function collect(provisioner: Provisioner, deploymentId: string): Promise<unknown[]> {
    const events: unknown[] = [];
    for await (const event of provisioner.destroy(deploymentId)) events.push(event);
    return events;
  }
});
