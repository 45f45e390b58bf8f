// The surface of @runlayer/local-docker, for the demo and the tests.
export { ensureBaseImage } from './base-image.ts';
export type { BaseImage, BaseImageOptions } from './base-image.ts';
export { NoDocker, withDocker } from './with-docker.ts';
export type { DockerOptions } from './with-docker.ts';
