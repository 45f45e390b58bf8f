// Which files of a folder stay at home: the rules of .dockerignore.
import dockerignore from '@balena/dockerignore';

/** Decides by paths relative to the context, with forward slashes. */
export interface IgnoreRules {
  /** Whether the file or folder is left out. */
  ignores(path: string): boolean;
  /** Whether something below an ignored folder may still be wanted, because of a `!` rule. */
  mayKeepBelow(path: string): boolean;
}

/** The rules that the text of a .dockerignore file states. @see https://docs.docker.com/build/concepts/context/#dockerignore-files */
export function ignoreRules(text: string): IgnoreRules {
  const rules = (dockerignore as unknown as typeof dockerignore.default)({ ignorecase: false }).add(text.replace(/^\uFEFF/, ''));
  const exceptions = text.split(/\r?\n/).flatMap((line) => (line.trim().startsWith('!') ? [cleanPattern(line.trim().slice(1))] : []));
  return {
    ignores: (path) => rules.ignores(path),
    mayKeepBelow: (path) => exceptions.some((pattern) => reachesBelow(pattern, path)),
  };
}

function cleanPattern(pattern: string): string {
  return pattern
    .trim()
    .replace(/^(\.?\/)+/, '')
    .replace(/\/+$/, '');
}

/** Part by part, as far as both go; after `**` anything may follow. */
function reachesBelow(pattern: string, folder: string): boolean {
  const parts = pattern.split('/');
  for (const [index, name] of folder.split('/').entries()) {
    const part = parts[index];
    if (part === '**') return true;
    if (part === undefined || (!/[*?[\\]/.test(part) && part !== name)) return false;
  }
  return true;
}
