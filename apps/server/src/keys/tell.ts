// What the commands say, as text: pure, so that every case can be read in a test.
import type { WireSigningKey, WireSigningKeyRotation } from '@runlayer/api';

/** `14:32:10 UTC`, with the date when it is another day than `now`. */
export function timeText(iso: string, now: Date): string {
  const whole = new Date(iso).toISOString();
  const [day = '', time = ''] = whole.split('T');
  const clock = `${time.slice(0, 8)} UTC`;
  return now.toISOString().startsWith(day) ? clock : `${day} ${clock}`;
}

/** `12 min`, `45 s`, `3 h 20 min`, `29 days`: never shorter than it takes. */
export function spanText(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1_000));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.ceil(hours / 24)} days`;
}

/** A line for each key. */
export function listText(keys: readonly WireSigningKey[], now: Date): string {
  const rows = keys.map((key) => [key.state, key.kid, whatOf(key, now)]);
  const table = [['STATE', 'KID', 'WHAT'], ...rows];
  const widths = [0, 1].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table.map((row) => `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}\n`).join('');
}

function whatOf(key: WireSigningKey, now: Date): string {
  const at = (iso: string | null): string => (iso === null ? '?' : timeText(iso, now));
  switch (key.state) {
    case 'current':
      return `signs since ${at(key.signs_from)}`;
    case 'next':
      return key.signs_from === null ? 'signs when asked to: `keys rotate`' : `signs from ${at(key.signs_from)}`;
    case 'retired':
      return `signed until ${at(key.retired_at)}, published until ${at(key.removed_at)}`;
    case 'removed':
      return `signed until ${at(key.retired_at)}, gone since ${at(key.removed_at)}`;
    case 'revoked':
      return `revoked ${at(key.revoked_at)}`;
  }
}

/** What a request to rotate led to. */
export function rotationText({ done, kid, at }: WireSigningKeyRotation, now: Date): string {
  if (done) return `Key ${kid} signs since ${timeText(at, now)}. The former one stays published, so no token in flight is refused.\n`;
  const inTime = spanText(Date.parse(at) - now.getTime());
  return `Key ${kid} takes over at ${timeText(at, now)} (in ${inTime}), when every verifier has it.\n`;
}

/**
 * Why some tokens may be refused: the key signs sooner than every verifier can have it. `undefined`: it was published long enough.
 * @param leadSeconds how long is long enough
 */
export function tooSoonText(key: WireSigningKey, leadSeconds: number, now: Date): string | undefined {
  const signsFrom = Date.parse(key.signs_from ?? now.toISOString());
  if (signsFrom - Date.parse(key.published_at) >= leadSeconds * 1_000) return undefined;
  return (
    `Warning: verifiers that fetched the keys before ${timeText(key.published_at, now)} do not have key ${key.kid}. They refuse its tokens\n` +
    'until they fetch again: most do when they meet an unknown key, some only after 10 min.\n'
  );
}

/**
 * What a revocation means for now.
 * @param before the keys as they were
 * @param after the keys as they are
 */
export function revokedText(key: WireSigningKey, before: readonly WireSigningKey[], after: readonly WireSigningKey[], now: Date): string {
  const { kid } = key;
  if (key.revoked_at === null)
    return `Key ${kid} is published no more since ${timeText(key.removed_at ?? key.created_at, now)}: there is nothing to revoke.\n`;
  const former = before.find((one) => one.kid === kid)?.state;
  const at = timeText(key.revoked_at, now);
  if (former === 'revoked') return `Key ${kid} was revoked already, ${at}.\n`;
  const current = after.find(({ state }) => state === 'current')?.kid ?? 'none';
  const next = after.find(({ state }) => state === 'next')?.kid ?? 'none';
  return [
    `Key ${kid} is revoked since ${at}: within seconds no server signs with it or publishes it.`,
    former === 'current' ? `Key ${current} signs now; key ${next} is next.` : `Key ${current} goes on signing; key ${next} is next.`,
    'Until a verifier fetches the keys again it believes tokens of the revoked key: at most 10 min with the verifier of this product',
    'while it reaches this platform, with others as they are set. To end that at once, restart what verifies tokens.',
    '',
  ].join('\n');
}

/** The question before a revocation. */
export function revokeQuestion(kid: string, key: WireSigningKey | undefined): string {
  const what = {
    current: 'which signs now; the next key takes over at once',
    next: 'which is to sign next; another takes its place',
    retired: 'which signs no more, though its tokens may be alive',
    removed: 'which is published no more',
    revoked: 'which is revoked already',
  };
  return `Revoke key ${kid}${key === undefined ? '' : `, ${what[key.state]}`}? It cannot be undone. [y/N] `;
}
