import { waitFor } from '@runlayer/local-platform';
import { openWayInStage } from './aws-way-in-stage.ts';
import { callOnAndOn } from './aws-callers.ts';
import { docker } from './deployments.ts';
const last = (a: string) => a.split('.').slice(2).reduce((n, x) => n * 256 + Number(x), 0);
const fillers: any[] = [];
async function fill(address: string) {
  for (let n = 0; n < 40; n++) {
    const c = await docker.createContainer({ Image: 'node:24-slim', Cmd: ['node', '-e', 'setTimeout(() => {}, 300000)'], HostConfig: { AutoRemove: true }, Labels: { h7: 'filler' } });
    await c.start();
    const a = (await c.inspect()).NetworkSettings.IPAddress;
    if (last(a) > last(address)) { await c.kill(); return; }
    fillers.push(c);
  }
}
const pollMs = Number(process.argv[2] ?? 200);
const stage = await openWayInStage(pollMs);
try {
  const ids = await Promise.all([stage.deploy('first', {}), stage.deploy('second', {})]);
  const names = ['first', 'second'];
  let [from, to] = [0, 1];
  await stage.scaleTo(ids[to]!, 0);
  for (const state of ['throttled', 'silent', 'throttled', 'silent', 'cut', 'silent', 'open'] as const) {
    await waitFor('gone', async () => ((await stage.tasks(ids[to]!)).length === 0 ? true : undefined));
    await stage.answering(ids[from]!, 1);
    stage.line.set(state);
    await new Promise((r) => setTimeout(r, pollMs * 2 + 1500));
    const steady = callOnAndOn(stage.platform, ids[from]!, 4);
    await waitFor('c', async () => (steady.met.length > 50 ? true : undefined));
    const [task] = await stage.tasks(ids[from]!);
    await fill(task!.address);
    const before = new Set(steady.met.map(({ owner }) => owner));
    const t0 = performance.now();
    await Promise.all([stage.stopTask(task!), stage.scaleTo(ids[to]!, 1)]);
    const fresh = await waitFor('listening', async () => {
      const t = (await stage.tasks(ids[to]!))[0];
      return t !== undefined && (await fetch(`http://${t.address}:8000/`).then((r) => r.ok, () => false)) ? t : undefined;
    });
    const up = performance.now() - t0;
    await new Promise((r) => setTimeout(r, 1500));
    const met = await steady.end();
    const strangers = met.filter(({ owner }) => owner !== undefined && owner !== names[from]);
    const codes: Record<string, number> = {}; for (const m of met) codes[`${m.status} ${m.code ?? ''}`] = (codes[`${m.status} ${m.code ?? ''}`] ?? 0) + 1;
    console.log(state, 'same address', fresh.address === task!.address, 'listening after', Math.round(up), 'calls', met.length, 'strangers', strangers.length, codes, 'before', [...before], 'first stranger', strangers[0] && Math.round(strangers[0].at - t0), 'took', strangers[0] && Math.round(strangers[0].took), task, fresh);
    stage.line.set('open');
    await stage.scaleTo(ids[from]!, 0);
    [from, to] = [to, from];
    await waitFor('calls of it', async () => (await stage.tasks(ids[from]!)).length === 1 ? true : undefined);
  }
} finally { await Promise.all(fillers.map((c) => c.kill().catch(() => {}))); await stage.close(); }
