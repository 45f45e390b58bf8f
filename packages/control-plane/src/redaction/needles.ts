// The forms in which a secret may show up in text: as it is, line by line, escaped, percent-encoded and in base64.

/** Values of this length and more are looked for anywhere; shorter ones only where they stand as a word of their own. */
export const anywhereLength = 6;
/** Values shorter than this are not looked for: half of all text would turn into stars. */
const leastLength = 4;

/** Ordinary words that settings hold: hiding them would hide the cause of a failure and protect nothing. */
const ordinary = new Set([
  'true',
  'false',
  'null',
  'none',
  'auto',
  'info',
  'warn',
  'warning',
  'error',
  'debug',
  'trace',
  'silent',
  'verbose',
  'http',
  'https',
  'production',
  'development',
  'staging',
  'test',
  'testing',
  'local',
  'localhost',
  'default',
  'enabled',
  'disabled',
  'json',
  'text',
  'stdio',
  'streamable-http',
  'streaming-http',
  '127.0.0.1',
  '0.0.0.0',
]);

/** What to look for. */
export interface Needle {
  readonly text: string;
  /** Only where no letter or digit touches it. */
  readonly wordOnly: boolean;
}

/** Everything to look for, of all values. Numbers of up to five digits (ports, counts) and {@link ordinary} words are no secrets. */
export function needlesOf(values: readonly string[]): readonly Needle[] {
  const needles = new Map<string, Needle>();
  const add = (text: string) => {
    if (isSecret(text)) needles.set(text, { text, wordOnly: text.length < anywhereLength });
  };
  for (const value of values) {
    for (const part of [value, value.trim(), ...value.split(/\r?\n|\r/).map((line) => line.trim())]) {
      add(part);
      if (part.length >= anywhereLength && isSecret(part)) for (const form of encodedForms(part)) add(form);
    }
  }
  return [...needles.values()];
}

function isSecret(text: string): boolean {
  return text.length >= leastLength && !/^\d{1,5}$/.test(text) && !ordinary.has(text.toLowerCase());
}

function encodedForms(value: string): readonly string[] {
  const percent = encodePercent(value);
  const json = JSON.stringify(value).slice(1, -1);
  const bytes = Buffer.from(value);
  return [
    percent,
    percent.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    percent.replaceAll('%20', '+'),
    json,
    JSON.stringify(json).slice(1, -1),
    bytes.toString('hex'),
    ...[0, 1, 2].flatMap((shift) => base64Forms(bytes, shift)),
  ];
}

function encodePercent(value: string): string {
  return encodeURIComponent(value.toWellFormed());
}

/** The part of its base64 that stays the same wherever it stands in a longer text: `user:secret` is a common one. */
function base64Forms(bytes: Buffer, shift: number): readonly string[] {
  const text = Buffer.concat([Buffer.alloc(shift), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const touchedAtEnd = (shift + bytes.length) % 3 === 0 ? 0 : 1;
  const stable = text.slice(Math.ceil((shift * 8) / 6), text.length - touchedAtEnd);
  return stable.length < 8 ? [] : [stable, stable.replaceAll('+', '-').replaceAll('/', '_')];
}
