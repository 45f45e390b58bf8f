// What the server must be told, read from the environment once.

/** The settings of this server. All but the greeting are set by the platform in a deployed container. */
export interface Settings {
  readonly port: number;
  /** Public address of the platform: the issuer of every identity token. */
  readonly issuer: string;
  /** Id of this server in the platform. */
  readonly serverId: string;
  /** Where the platform's keys are, if not below its public address. */
  readonly jwksUrl: string | undefined;
  readonly greeting: string;
}

/** Reads the settings; throws a sentence that names the variable that is missing or wrong. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  return {
    port: readPort(environment['PORT'] ?? '8000'),
    issuer: required(environment, 'RUNLAYER_URL'),
    serverId: required(environment, 'RUNLAYER_SERVER_ID'),
    jwksUrl: environment['RUNLAYER_IDENTITY_JWKS_URL'] || undefined,
    greeting: environment['NOTES_GREETING'] || 'Hello',
  };
}

function required(environment: Readonly<Record<string, string | undefined>>, name: string): string {
  const value = environment[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set. The platform sets it in a deployed container.`);
  return value;
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new Error('PORT is not a port number.');
}
