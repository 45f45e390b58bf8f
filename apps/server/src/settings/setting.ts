// One setting as data: its name, what it means, and how its text is read.

/** A setting. `read` returns the value, or throws an Error whose message completes "`NAME` …". */
export interface Setting<Value> {
  /** Environment variable. */
  readonly env: string;
  /** Key in the settings file. */
  readonly key: string;
  /** What it does, one or two sentences in Markdown. */
  readonly about: string;
  /** The default, in words. */
  readonly fallback: string;
  /** Never printed, not even when it is wrong. */
  readonly secret?: boolean;
  readonly read: (text: string) => Value;
}

/** Keeps the value type of one entry. */
export function setting<Value>(entry: Setting<Value>): Setting<Value> {
  return entry;
}

/** Any text. */
export const text = (value: string): string => value;

/** A whole number from `least` to `most`. */
export function integer(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < least || number > most) throw new Error(`must be a whole number from ${least} to ${most}`);
    return number;
  };
}

/** One of a few words. */
export function oneOf<const Word extends string>(...words: readonly Word[]): (value: string) => Word {
  return (value) => {
    const word = words.find((known) => known === value);
    if (word === undefined) throw new Error(`must be one of ${words.join(', ')}`);
    return word;
  };
}

/** Whether a switch is on. */
export function onOff(value: string): boolean {
  return oneOf('on', 'off')(value) === 'on';
}

/** An http or https address without query, fragment or credentials; trailing slashes are cut. */
export function webAddress(value: string): string {
  const url = URL.parse(value);
  if (url === null || !/^https?:$/.test(url.protocol)) throw new Error('must be an http or https address, such as https://mcp.example.com');
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') {
    throw new Error('must have no query, fragment, user name or password');
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** A web address without a path: the proxy's addresses stand at the root of their host. */
export function webOrigin(value: string): string {
  const address = webAddress(value);
  if (address !== new URL(address).origin) throw new Error('must have no path');
  return address;
}

/** Words separated by commas; empty ones are left out. */
export function list(value: string): readonly string[] {
  return value
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/** Keys of 32 bytes in base64, separated by commas. */
export function sealKeys(value: string): readonly Uint8Array[] {
  const keys = list(value).map((word) =>
    /^[A-Za-z0-9+/_-]+={0,2}$/.test(word) ? new Uint8Array(Buffer.from(word, 'base64')) : new Uint8Array(),
  );
  if (keys.length === 0 || keys.some((key) => key.length !== 32))
    throw new Error('must be 32 bytes in base64; `openssl rand -base64 32` makes one');
  return keys;
}

/** A key that fits in a header and is long enough not to be guessed. */
export function apiKey(value: string): string {
  if (!/^[\x21-\x7e]{16,256}$/.test(value)) throw new Error('must be 16 to 256 characters of ASCII without spaces');
  return value;
}

/** An address of a Postgres server. */
export function postgresAddress(value: string): string {
  if (!/^postgres(ql)?:$/.test(URL.parse(value)?.protocol ?? '')) throw new Error('must be a postgres:// address');
  return value;
}

/** A registry's repository: no scheme, no tag. */
export function repository(value: string): string {
  if (!/^[a-z0-9][\w.-]*(:\d{1,5})?(\/[a-z0-9][\w.-]*)+$/i.test(value)) {
    throw new Error('must be host[:port]/path without a scheme or tag, such as registry.example.com/team/mcp');
  }
  return value;
}
