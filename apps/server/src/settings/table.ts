// Every setting of the server: the one table that is validator, types and documentation.
import { awsTable, readTarget } from './aws-table.ts';
import { limitsTable } from './limits-table.ts';
import {
  apiKey,
  integer,
  list,
  oneOf,
  onOff,
  postgresAddress,
  repository,
  sealKeys,
  setting,
  text,
  webAddress,
  webOrigin,
} from './setting.ts';
import { signingKeysTable } from './signing-keys-table.ts';

/** The settings, in the order of the documentation. */
export const settingsTable = {
  port: setting({
    env: 'PORT',
    key: 'port',
    about: 'TCP port of the API and the proxy. `0` takes a free one.',
    fallback: '`8080`',
    read: integer(0, 65_535),
  }),
  listen: setting({
    env: 'RUNLAYER_LISTEN',
    key: 'listen',
    about: 'Address to listen on. `0.0.0.0` makes the server reachable from other machines: put TLS in front and set `RUNLAYER_URL`.',
    fallback: '`127.0.0.1`',
    read: text,
  }),
  url: setting({
    env: 'RUNLAYER_URL',
    key: 'url',
    about:
      'Public address of the platform: the base of every deployment URL and the issuer of identity tokens. It has no path; a trailing slash is cut.',
    fallback: '`http://127.0.0.1:<port>`',
    read: webOrigin,
  }),
  dataDir: setting({
    env: 'RUNLAYER_DATA_DIR',
    key: 'data_dir',
    about:
      'Folder of the embedded database, the sealing key and the tables of deployments on Docker. One server at a time may use it. Back it up whole.',
    fallback: '`$XDG_DATA_HOME/runlayer`, else `~/.local/share/runlayer`',
    read: text,
  }),
  databaseUrl: setting({
    env: 'DATABASE_URL',
    key: 'database_url',
    about: 'Address of a Postgres 15 or later, used instead of the embedded database.',
    fallback: 'the embedded database',
    secret: true,
    read: postgresAddress,
  }),
  adminApiKey: setting({
    env: 'RUNLAYER_ADMIN_API_KEY',
    key: 'admin_api_key',
    about: "The first admin's API key, at least 16 characters.",
    fallback: 'made at the first start and printed once',
    secret: true,
    read: apiKey,
  }),
  adminEmail: setting({
    env: 'RUNLAYER_ADMIN_EMAIL',
    key: 'admin_email',
    about: 'E-mail of the first admin, used when the account is made.',
    fallback: '`admin@localhost`',
    read: text,
  }),
  organization: setting({
    env: 'RUNLAYER_ORGANIZATION',
    key: 'organization',
    about: 'Name of the organization, used when it is made.',
    fallback: '`Default`',
    read: text,
  }),
  sealKeys: setting({
    env: 'RUNLAYER_SEAL_KEY',
    key: 'seal_key',
    about: 'Key that seals `env` values at rest: 32 bytes in base64. To rotate it, put the new key first and the former one after a comma.',
    fallback: 'the file `seal.key` in the data folder, made at the first start',
    secret: true,
    read: sealKeys,
  }),
  target: setting({
    env: 'RUNLAYER_TARGET',
    key: 'target',
    about: 'Where deployments run: `docker`, or `aws` for ECS Fargate, which needs the `RUNLAYER_AWS_` settings.',
    fallback: '`docker`',
    read: readTarget,
  }),
  registryUrl: setting({
    env: 'RUNLAYER_REGISTRY_URL',
    key: 'registry_url',
    about: 'Registry that clients push images to. Needs `RUNLAYER_REGISTRY_REPOSITORY`.',
    fallback: "none: clients leave images on the server's own Docker engine (`LOCAL` mode)",
    read: text,
  }),
  registryRepository: setting({
    env: 'RUNLAYER_REGISTRY_REPOSITORY',
    key: 'registry_repository',
    about: 'Repository in that registry, host included and without a scheme. One repository serves all deployments.',
    fallback: 'none',
    read: repository,
  }),
  registryUsername: setting({
    env: 'RUNLAYER_REGISTRY_USERNAME',
    key: 'registry_username',
    about: 'User name that clients push with.',
    fallback: '`anonymous`',
    read: text,
  }),
  registryPassword: setting({
    env: 'RUNLAYER_REGISTRY_PASSWORD',
    key: 'registry_password',
    about: 'Password that clients push with. Everyone who may deploy can read it.',
    fallback: '`anonymous`',
    secret: true,
    read: text,
  }),
  privateUpstreams: setting({
    env: 'RUNLAYER_PRIVATE_UPSTREAMS',
    key: 'private_upstreams',
    about: 'Whether connectors by URL may point at private and loopback addresses: `allow` or `deny`.',
    fallback: '`allow` where the platform is on loopback only, else `deny`',
    read: oneOf('allow', 'deny'),
  }),
  workloadUrl: setting({
    env: 'RUNLAYER_WORKLOAD_URL',
    key: 'workload_url',
    about: 'Address of this server as containers reach it, for the keys of identity tokens.',
    fallback: '`RUNLAYER_URL`; where that is on loopback, a second listener on the Docker bridge that serves the keys only',
    read: webAddress,
  }),
  tablesEndpoint: setting({
    env: 'RUNLAYER_TABLES_ENDPOINT',
    key: 'tables_endpoint',
    about:
      'Address of a DynamoDB-compatible store, such as DynamoDB Local, for the tables of deployments with `enable_db` on Docker. Containers reach it through the platform only; nobody else may reach it.',
    fallback: 'a store in the data folder',
    read: webOrigin,
  }),
  allowedHosts: setting({
    env: 'RUNLAYER_ALLOWED_HOSTS',
    key: 'allowed_hosts',
    about: 'Other host names, without port and separated by commas, under which callers may reach the proxy.',
    fallback: 'none; the loopback names where the platform is on loopback',
    read: list,
  }),
  allowedOrigins: setting({
    env: 'RUNLAYER_ALLOWED_ORIGINS',
    key: 'allowed_origins',
    about: 'Web origins, separated by commas, whose pages may call the proxy of a platform on loopback.',
    fallback: 'loopback origins',
    read: list,
  }),
  logLevel: setting({
    env: 'RUNLAYER_LOG_LEVEL',
    key: 'log_level',
    about: 'Least level that is logged, one JSON object a line on standard error: `debug`, `info`, `warn`, `error` or `silent`.',
    fallback: '`info`',
    read: oneOf('debug', 'info', 'warn', 'error', 'silent'),
  }),
  accessLog: setting({
    env: 'RUNLAYER_ACCESS_LOG',
    key: 'access_log',
    about: 'Whether each call through the proxy is logged, `on` or `off`; needs the log level `info` or `debug`.',
    fallback: '`on`',
    read: onOff,
  }),
  ...awsTable,
  ...signingKeysTable,
  ...limitsTable,
} as const;

/** Names of the settings. */
export type SettingName = keyof typeof settingsTable;

/** What was given; what was not is left out. */
export type GivenSettings = { readonly [Name in SettingName]?: ReturnType<(typeof settingsTable)[Name]['read']> };
