// Reads manifests of images: which there are, and for which processors they say to be.
import { createHash } from 'node:crypto';

/** What is asked for: indexes of several platforms, and manifests of one. */
export const manifestTypes: readonly string[] = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/** Largest manifest that is read, bytes. @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-manifests */
export const mostManifestBytes = 4_194_304;

/** Largest configuration of an image that is read, bytes. */
export const mostConfigBytes = 1_048_576;

/** What a manifest leads to. */
export type Manifest =
  | { readonly type: 'index'; readonly architectures: readonly string[] }
  | { readonly type: 'image'; readonly config: string }
  | { readonly type: 'other' };

interface Written {
  readonly manifests?: unknown;
  readonly config?: { readonly digest?: unknown } | undefined;
}

/** Reads a manifest. Of an index, what says of itself that it is for no platform, such as an attestation, does not count. */
export function readManifest(text: string): Manifest {
  const written: Written | undefined = parsed(text);
  if (Array.isArray(written?.manifests)) {
    const names = (written.manifests as { platform?: { architecture?: unknown } | undefined }[]).map(
      (entry) => entry?.platform?.architecture,
    );
    return { type: 'index', architectures: names.filter((name) => typeof name === 'string' && name !== 'unknown') as string[] };
  }
  const digest = written?.config?.digest;
  return typeof digest === 'string' && /^sha256:[0-9a-f]{64}$/.test(digest) ? { type: 'image', config: digest } : { type: 'other' };
}

/** The processor that a configuration says to be for. */
export function architectureOf(config: string): string | undefined {
  const architecture = parsed(config)?.['architecture'];
  return typeof architecture === 'string' ? architecture : undefined;
}

/** What stands in JSON, or nothing where it is no object. */
function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Digest of content, as registries write it. */
export function digestOf(content: Uint8Array | string): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
