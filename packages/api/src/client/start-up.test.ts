// The client is part of a command's start-up: what it loads is counted.
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

it('loads neither zod nor hono', () => {
  const program = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
    await import('@runlayer/api/client');
    console.log(loaded.join('\\n'));`;
  const loaded = execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd: import.meta.dirname, encoding: 'utf8' });
  expect(loaded).toContain('/openapi-fetch/');
  expect(loaded.split('\n').filter((url) => /\/(zod|hono|@hono)\//.test(url))).toEqual([]);
});
