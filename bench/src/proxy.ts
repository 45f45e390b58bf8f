// Requests a second through the proxy, against nginx and a proxy on Hono, all in front of the same upstream.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, inRepository, run, waitFor } from '@runlayer/local-platform';
import { commandMissing } from '@runlayer/test-services';
import { median, type Outcome } from './ratio.ts';

const body = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"text":"hello"}}}';
const deployment = '11111111-1111-4111-8111-111111111111';
const key = 'bench-key';
const rounds = 3;

interface Contender {
  readonly name: string;
  readonly url: string;
  readonly process: ChildProcess;
}

/** Each contender is pinned to one core; load and upstream share the other. */
const pinned = (core: number, program: string, args: readonly string[], env: Record<string, string> = {}): ChildProcess =>
  spawn('taskset', ['-c', String(core), program, ...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit'] });

function nginx(core: number, folder: string, name: string, server: string): Promise<ChildProcess> {
  const file = join(folder, `${name}.conf`);
  const config = `daemon off; pid ${folder}/${name}.pid; error_log stderr crit; worker_processes 1; events { worker_connections 1024; }
http { access_log off; keepalive_requests 1000000000; client_body_temp_path ${folder}/${name}-body; proxy_temp_path ${folder}/${name}-proxy;
  fastcgi_temp_path ${folder}/${name}-f; uwsgi_temp_path ${folder}/${name}-u; scgi_temp_path ${folder}/${name}-s; ${server} }`;
  return writeFile(file, config).then(() => pinned(core, 'nginx', ['-c', file, '-p', folder, '-e', 'stderr']));
}

async function contenders(folder: string, upstream: number): Promise<Contender[]> {
  const [nginxPort, oursPort, honoPort] = [await freePort(), await freePort(), await freePort()];
  const env = (port: number): Record<string, string> => ({
    PORT: String(port),
    UPSTREAM: String(upstream),
    DEPLOYMENT: deployment,
    KEY: key,
  });
  const proxied = `upstream up { server 127.0.0.1:${upstream}; keepalive 128; keepalive_requests 1000000000; }
  server { listen 127.0.0.1:${nginxPort}; location / { proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; } }`;
  return [
    {
      name: 'ours',
      url: `http://127.0.0.1:${oursPort}/api/v1/proxy/hosted/${deployment}/mcp`,
      process: pinned(0, process.execPath, [inRepository('bench/src/proxies/ours.ts')], env(oursPort)),
    },
    { name: 'nginx', url: `http://127.0.0.1:${nginxPort}/mcp`, process: await nginx(0, folder, 'proxy', proxied) },
    {
      name: 'the proxy helper of Hono',
      url: `http://127.0.0.1:${honoPort}/mcp`,
      process: pinned(0, process.execPath, [inRepository('bench/src/proxies/hono.ts')], env(honoPort)),
    },
  ];
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'close');
  child.kill();
  await ended;
}

/** Requests a second that wrk gets through in a few seconds. */
async function requestsPerSecond(url: string, script: string): Promise<number> {
  const { stdout, stderr } = await run('taskset', ['-c', '1', 'wrk', '-t1', '-c32', '-d3s', '-s', script, url]);
  const rate = Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]);
  if (!(rate > 0) || /Non-2xx|Socket errors/.test(stdout)) throw new Error(`wrk against ${url}:\n${stdout}${stderr}`);
  return rate;
}

export async function proxyBenchmarks(): Promise<Outcome[]> {
  const missing = ['wrk', 'nginx', 'taskset'].map((command) => commandMissing(command)).filter((reason) => reason !== undefined);
  if (missing.length > 0) return [{ name: 'requests through the proxy', skipped: missing.join(', ') }];
  const folder = await mkdtemp(join(tmpdir(), 'runlayer-bench-'));
  const upstreamPort = await freePort();
  const script = join(folder, 'call.lua');
  await writeFile(
    script,
    `wrk.method = "POST"\nwrk.body = '${body}'\nwrk.headers["Content-Type"] = "application/json"\nwrk.headers["x-runlayer-api-key"] = "${key}"\n`,
  );
  const answer = `server { listen 127.0.0.1:${upstreamPort}; location / { default_type application/json; return 200 '${body}'; } }`;
  const upstream = await nginx(1, folder, 'upstream', answer);
  const all = await contenders(folder, upstreamPort);
  try {
    for (const { name, url } of all)
      await waitFor(`${name} answering`, () =>
        fetch(url, { method: 'POST', headers: { 'x-runlayer-api-key': key } }).then(
          (response) => (response.ok ? true : undefined),
          () => undefined,
        ),
      );
    const rates = all.map((): number[] => []);
    for (let round = 0; round <= rounds; round += 1) {
      for (const [index, { url }] of all.entries()) {
        const rate = await requestsPerSecond(url, script);
        if (round > 0) rates[index]?.push(rate); // the first round only warms up
      }
    }
    const [ours = Number.NaN, ...others] = rates.map(median);
    return others.map((other, index) => ({
      name: 'requests through the proxy',
      ours,
      other,
      than: all[index + 1]?.name ?? '',
      unit: 'a second',
    }));
  } finally {
    await Promise.all([upstream, ...all.map((contender) => contender.process)].map(end));
    await rm(folder, { recursive: true, force: true });
  }
}
