// Takes the name of an image apart, as Docker reads it.

/** The parts of an image's name. */
export interface Reference {
  /** Host that serves it, such as `docker.io` or `127.0.0.1:5000`. */
  readonly registry: string;
  /** The name as written, without tag and digest. */
  readonly repository: string;
  readonly tag: string | undefined;
  /** `sha256:…`. */
  readonly digest: string | undefined;
}

const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const host = '(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?|\\[[0-9a-fA-F:]+\\])(?::[0-9]+)?';
const grammar = new RegExp(`^((?:${host}/)?${component}(?:/${component})*)(?::([\\w][\\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$`);

/** `undefined` when the text is no image name. @see https://github.com/distribution/reference/blob/main/reference.go */
export function parseReference(text: string): Reference | undefined {
  if (text.length > 512) return undefined;
  const [whole, repository, tag, digest] = grammar.exec(text) ?? [];
  if (whole === undefined || repository === undefined) return undefined;
  return { registry: registryOf(repository), repository, tag, digest };
}

/** Whether the text is an image's id, whole or shortened, rather than a name. */
export function isImageId(text: string): boolean {
  return /^sha256:[0-9a-f]{64}$|^[0-9a-f]{64}$/.test(text);
}

/** The first part counts as a host only with a dot or a port in it, or as `localhost`. */
function registryOf(repository: string): string {
  const [first = '', ...others] = repository.split('/');
  return others.length > 0 && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase()) ? first : 'docker.io';
}
