// Valid configurations for property tests.
import { acceptedSizes } from '@runlayer/fargate-sizing';
import fc from 'fast-check';
import type { Config } from '../config.ts';
import { checkRoute, exposesMcp } from '../shape/route-path.ts';
import { isAutomaticVariable } from '../platform-variables.ts';

const optional = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> => fc.option(value, { nil: undefined });
const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/);
const platform = fc.constantFrom('x86' as const, 'arm' as const);
const path = fc.stringMatching(/^\/[a-z0-9._~!$&'()+,=:@-]{1,8}(\/[a-z0-9-]{1,4}){0,2}$/).filter((text) => checkRoute(text) === undefined);
const route = fc.tuple(path, fc.constantFrom('', '/*')).map((parts) => parts.join(''));
// Text that no substitution would touch.
const text = fc
  .string({ unit: 'grapheme', maxLength: 30 })
  .filter((value) => !value.includes('${') && !value.includes('\0') && !/\p{Surrogate}/u.test(value));
const words = fc.constantFrom(
  'yes',
  'no',
  'null',
  '~',
  '1e3',
  '0x1F',
  '12:30',
  ' lead',
  'trail ',
  "it's",
  '"q"',
  'a: b',
  '#c',
  'x #y',
  '- a',
  '{a}',
  '[a',
  '!t',
  '&a',
  '*a',
  '%d',
  '@a',
  '`a',
  '|',
  '>',
  'two\nlines',
  'tab\t',
  '\u2028',
  '',
);
const anyText = fc.oneof(text, words);
const size = fc.constantFrom(...acceptedSizes.flatMap(({ cpu, memories }) => memories.map((memory) => ({ cpu, memory }))));
const filePath = fc
  .oneof(anyText, fc.constantFrom('.', '..', './a', '../b/Dockerfile', 'Dockerfile.prod'))
  .filter((value) => value !== '' && !/[\r\n]/.test(value));

const scaling = fc
  .record({ minReplicas: fc.integer({ min: 1, max: 5 }), more: fc.nat(5), targetCpuPercent: optional(fc.integer({ min: 1, max: 100 })) })
  .map(({ minReplicas, more, targetCpuPercent }) => ({
    minReplicas,
    maxReplicas: minReplicas + more,
    ...(targetCpuPercent === undefined ? {} : { targetCpuPercent }),
  }));

const roles = fc.dictionary(
  fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/),
  fc.stringMatching(/^[A-Za-z0-9+=,.@_-]{1,20}$/).map((role) => `arn:aws:iam::123456789012:role/${role}`),
  { maxKeys: 3 },
);
const reference = fc.constantFrom('$$DEPLOYMENT_URL', '$$RUNLAYER_URL/a.b/c', '$$RUNLAYER_OAUTH_CALLBACK_URL', '$$DEPLOYMENT_URL/');

/** Any valid configuration. */
export const anyConfig: fc.Arbitrary<Config> = fc
  .record({
    id: optional(fc.uuid()),
    name: fc.stringMatching(/^[a-z0-9_-]{1,20}$/),
    image: optional(fc.constantFrom('a', 'ghcr.io/acme/notes:1.2', `localhost:5000/x@sha256:${'a'.repeat(64)}`)),
    build: fc.record({
      dockerfile: filePath,
      context: filePath,
      platform: optional(platform),
      args: fc.dictionary(name, anyText, { maxKeys: 3 }),
      target: optional(fc.constantFrom('runtime', 'a.b', '1', 'no')),
    }),
    port: fc.integer({ min: 1, max: 65535 }),
    path: optional(path),
    expose: fc.array(route, { maxLength: 3 }),
    size,
    platform: optional(platform),
    enableDb: fc.boolean(),
    assumeRoles: roles,
    scaling: optional(scaling),
    env: fc.dictionary(
      name.filter((value) => !isAutomaticVariable(value)),
      fc.oneof(anyText, reference),
      { maxKeys: 5 },
    ),
  })
  .map((parts): Config => {
    const { dockerfile, context, args, target } = parts.build;
    const built = parts.build.platform;
    const stated = parts.image === undefined && built !== undefined && parts.platform !== undefined ? built : parts.platform;
    const mcpPaths = parts.path === undefined ? ['/mcp', '/sse'] : [parts.path];
    return {
      ...present('id', parts.id),
      name: parts.name,
      runtime: 'docker',
      ...(parts.image === undefined
        ? {
            mode: 'build',
            build: {
              dockerfile,
              context,
              ...present('platform', built),
              platformStated: built !== undefined,
              args,
              ...present('target', target),
            },
          }
        : { mode: 'image', image: parts.image }),
      service: {
        port: parts.port,
        ...present('path', parts.path),
        expose: parts.expose.filter((one) => !mcpPaths.some((mcp) => exposesMcp(one, mcp))),
      },
      infrastructure: {
        ...parts.size,
        ...present('platform', stated),
        platformStated: stated !== undefined,
        enableDb: parts.enableDb,
        assumeRoles: parts.assumeRoles,
        ...present('scaling', parts.scaling),
      },
      env: parts.env,
    };
  });

function present<Key extends string, Value>(key: Key, value: Value | undefined): Partial<Record<Key, Value>> {
  return value === undefined ? {} : ({ [key]: value } as Record<Key, Value>);
}
