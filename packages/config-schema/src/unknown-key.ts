// A key that is not known: named, with the allowed keys and, where one exists, the key that was meant.
import type { Entry } from './entry.ts';
import type { Keyed, SectionField } from './field.ts';
import { nearestWord } from './nearest.ts';
import type { Finding } from './report.ts';
import { joinPath, quoted, shownKey } from './shorten.ts';

/** For each known key, the paths of the sections it may stand in; the empty path is the top of the file. */
export type Homes = ReadonlyMap<string, readonly string[]>;

/** Published clients say "unsupported" of the same fault; the value is not shown, for it may be a misplaced secret. */
export function unknownKey(homes: Homes, entry: Entry, section: SectionField, path: string): Finding {
  const allowed = Object.entries(section.keys)
    .filter(([, field]) => field.kind !== 'refused')
    .map(([key]) => key);
  const elsewhere = homes.get(entry.key);
  return {
    path: joinPath(path, entry.key),
    at: entry.at,
    message: `Unsupported key ${quoted(shownKey(entry.key))}${path === '' ? '' : ` in \`${path}\``}.`,
    expected: `one of ${allowed.join(', ')}`,
    suggestion: elsewhere === undefined ? nearestWord(entry.key, allowed) : undefined,
    hint: elsewhere === undefined ? undefined : `\`${entry.key}\` belongs ${elsewhere.map(homeText).join(' or ')}.`,
  };
}

function homeText(path: string): string {
  return path === '' ? 'at the top of the file' : `below \`${path}\``;
}

/** Where each key of a shape belongs. */
export function homesOf(keys: Keyed, path = '', homes: Map<string, string[]> = new Map()): Homes {
  for (const [key, field] of Object.entries(keys)) {
    if (field.kind === 'refused') continue;
    homes.set(key, [...(homes.get(key) ?? []), path]);
    if (field.kind === 'section') homesOf(field.keys, joinPath(path, key), homes);
  }
  return homes;
}
