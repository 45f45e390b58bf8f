// nginx twice: as the upstream that answers small calls, and as the proxy that the others are compared with.
import type { ChildProcess } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toolAnswer } from './identity.ts';
import { loadCore, proxyCore, startPinned } from './pinned.ts';

/** What the upstream tells of a request at `/probe`: the identity that reached it. */
export interface Probe {
  readonly type: string;
  readonly user: string;
  readonly token: string;
  readonly key: string;
}

/** Answers `/mcp` with a fixed result, `/probe` with the identity it was sent, `/status` with how many requests it has had. */
export function startAnswering(folder: string, port: number): Promise<ChildProcess> {
  const probe = `{"type":"$http_x_runlayer_subject_type","user":"$http_x_runlayer_user_id","token":"$http_x_runlayer_identity_token","key":"$http_x_runlayer_api_key"}`;
  return startNginx(
    folder,
    `answering-${port}`,
    loadCore,
    `server { listen 127.0.0.1:${port}; default_type application/json;
    location = /mcp { return 200 '${toolAnswer}'; }
    location = /probe { return 200 '${probe}'; }
    location = /status { stub_status; } }`,
  );
}

/** A bare `proxy_pass` that keeps its upstream connections and buffers nothing. */
export function startProxying(folder: string, port: number, upstream: number): Promise<ChildProcess> {
  return startNginx(
    folder,
    `proxying-${port}`,
    proxyCore,
    `upstream up { server 127.0.0.1:${upstream}; keepalive 128; keepalive_requests 1000000000; }
    server { listen 127.0.0.1:${port}; client_max_body_size 0; location / { proxy_pass http://up; proxy_http_version 1.1;
    proxy_set_header Connection ""; proxy_buffering off; proxy_request_buffering off; proxy_read_timeout 1h; } }`,
  );
}

/** One process without a master, so that its id is the one whose time is read. */
async function startNginx(folder: string, name: string, core: number, server: string): Promise<ChildProcess> {
  const file = join(folder, `${name}.conf`);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${name}-${kind};`);
  await writeFile(
    file,
    `daemon off; master_process off; pid ${folder}/${name}.pid; error_log stderr crit; worker_rlimit_nofile 65536;
    events { worker_connections 32768; }
    http { access_log off; keepalive_requests 1000000000; keepalive_timeout 75s; ${temporary.join(' ')} ${server} }`,
  );
  return startPinned(core, 'nginx', ['-c', file, '-p', folder, '-e', 'stderr']);
}
