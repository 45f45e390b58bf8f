// What the server must be told, read from the environment once.

/** The settings of this server. */
export interface Settings {
  readonly port: number;
  /** Public address of this deployment, without a slash at its end: the issuer of every token. */
  readonly deploymentUrl: string;
  /** How long an access token is good for. */
  readonly accessTokenSeconds: number;
}

/** Reads the settings; throws a sentence that names the variable that is missing or wrong. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  return {
    port: wholeNumber(environment, 'PORT', 8000, 65_535),
    deploymentUrl: readAddress(environment['DEPLOYMENT_URL'] ?? ''),
    accessTokenSeconds: wholeNumber(environment, 'ACCESS_TOKEN_SECONDS', 3600, 86_400),
  };
}

function readAddress(text: string): string {
  if (text === '') throw new Error('DEPLOYMENT_URL is not set. The platform sets it in a deployed container.');
  if (!URL.canParse(text)) throw new Error('DEPLOYMENT_URL is not an address.');
  return text.replace(/\/+$/, '');
}

function wholeNumber(environment: Readonly<Record<string, string | undefined>>, name: string, fallback: number, most: number): number {
  const text = environment[name] || String(fallback);
  if (/^\d{1,5}$/.test(text) && Number(text) <= most) return Number(text);
  throw new Error(`${name} is not a whole number of at most ${most}.`);
}
