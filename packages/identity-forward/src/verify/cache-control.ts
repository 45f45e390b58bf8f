// How long an answer over HTTP may be kept, from its headers.

/** The longest that any answer is kept without asking anew, in seconds; also what counts where an answer does not say. */
export const longestFreshSeconds = 600;
const shortest = 1;

/**
 * Seconds for which an answer is fresh: its `max-age` less the `Age` it had when it came, 1–600. What forbids keeping it, contradicts
 * itself or cannot be read counts as 1. `s-maxage` is for caches that several share, and so not for this one.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9111#section-4.2.1
 */
export function freshSeconds(headers: Pick<Headers, 'get'>): number {
  const said = (headers.get('cache-control') ?? '').toLowerCase().split(',');
  const directives = said.map((directive) => directive.trim());
  if (directives.some((directive) => /^no-(?:store|cache)(?:$|\s*=)/.test(directive))) return shortest;
  const ages = directives.filter((directive) => /^max-age(?:$|\s*=)/.test(directive));
  if (ages.length === 0) return longestFreshSeconds;
  const [, bare, quoted] = /^max-age=(?:(\d{1,10})|"(\d{1,10})")$/.exec(ages[0] ?? '') ?? [];
  const seconds = bare ?? quoted;
  if (ages.length > 1 || seconds === undefined) return shortest;
  return Math.min(longestFreshSeconds, Math.max(shortest, Number(seconds) - ageOf(headers)));
}

/** Seconds that the answer had spent in caches on its way. */
function ageOf(headers: Pick<Headers, 'get'>): number {
  const age = headers.get('age')?.trim() ?? '';
  return /^\d{1,10}$/.test(age) ? Number(age) : 0;
}
