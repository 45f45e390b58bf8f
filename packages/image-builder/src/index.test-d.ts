// What callers may rely on, and what must not compile.
import { expectTypeOf } from 'vitest';
import { createImageBuilder } from './index.ts';
import type { BuildEvent, BuiltEvent, ImageBuilder, PushEvent, ResolvedImage } from './index.ts';

const builder: ImageBuilder = createImageBuilder();

expectTypeOf<ReturnType<ImageBuilder['build']>>().toEqualTypeOf<AsyncIterable<BuildEvent>>();
expectTypeOf<ReturnType<ImageBuilder['push']>>().toEqualTypeOf<AsyncIterable<PushEvent>>();
expectTypeOf<Awaited<ReturnType<ImageBuilder['resolve']>>>().toEqualTypeOf<ResolvedImage | undefined>();
expectTypeOf<Extract<BuildEvent, { type: 'built' }>>().toEqualTypeOf<BuiltEvent>();

// @ts-expect-error a build needs a context
builder.build({});
// @ts-expect-error the platform is a word of runlayer.yaml, not Docker's
builder.build({ context: '.', platform: 'linux/amd64' });
// @ts-expect-error the values of build arguments are text
builder.build({ context: '.', args: { PORT: 8080 } });
// @ts-expect-error the environment of the service never goes into a build
builder.build({ context: '.', env: { TOKEN: 'x' } });
// @ts-expect-error credentials are whole or absent
builder.push('r/a:1', { username: 'me' });
