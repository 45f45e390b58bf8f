import { expect, it } from 'vitest';
import { resolveSoon, uploadedReference } from './image-reference.ts';

const digest = `sha256:${'0a'.repeat(32)}`;

it.each([
  ['repository:tag', undefined, 'repository:tag'],
  [`host.example.com@${digest}`, undefined, `host.example.com@${digest}`],
  [`cut-off-host@${digest}`, 'r.example.com:5000/team', `r.example.com:5000/team@${digest}`],
  ['runlayer-local:1', 'r.example.com:5000/team', 'runlayer-local:1'],
])('keeps %s, with the managed repository %s, as %s', (reference, repository, kept) => {
  expect(uploadedReference(reference, repository)).toBe(kept);
});

it.each(['', ' ', 'a b', 'x\ny', '-x', 'a@sha256:123', 'a@md5:1', 'x'.repeat(600), '$(id)'])('refuses %j', (reference) => {
  expect(() => uploadedReference(reference, undefined)).toThrow(expect.objectContaining({ code: 'ERR_DEPLOYMENT_IMAGE_INVALID' }));
});

it('asks for the platform that is wanted', async () => {
  const asked: unknown[] = [];
  const resolve = async (_reference: string, options?: { readonly platform?: unknown }) => void asked.push(options?.platform);
  await resolveSoon({ images: { resolve: (reference, options) => resolve(reference, options).then(() => undefined) } }, 'x', 'arm');
  expect(asked).toEqual(['arm']);
});

it('goes on without an answer when the image cannot be asked for', async () => {
  expect(await resolveSoon({ images: { resolve: async () => Promise.reject(new Error('no engine')) } }, 'x')).toBeUndefined();
});
