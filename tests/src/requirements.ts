// Every statement of the product's specification, as data: tests cite these ids, and an uncited one fails the run.

export interface Requirement {
  readonly id: string;
  readonly statement: string;
  /** Why no test cites it yet. A requirement without this must be cited. */
  readonly open?: string;
}

const dashboardIssue = 'Needs people signing in, and the dashboard.';

export const requirements: readonly Requirement[] = [
  {
    id: 'CFG-1',
    statement:
      'Top-level keys are id, name, runtime, build, image, service, infrastructure, env; an unknown key is refused by name with its place.',
  },
  {
    id: 'CFG-2',
    statement:
      'Build mode has dockerfile, context, platform, args and target with defaults; image mode is its alternative; both or an empty build are refused.',
  },
  { id: 'CFG-3', statement: 'service.port, service.path and service.expose are checked; / and the MCP path can never be exposed.' },
  { id: 'CFG-4', statement: 'Only the 50 valid cpu and memory pairs are taken; another names the valid memories and the nearest pair.' },
  {
    id: 'CFG-5',
    statement:
      'infrastructure.platform follows build.platform, must not differ from it, and is compared with the real image before anything is made.',
  },
  {
    id: 'CFG-6',
    statement: 'infrastructure.enable_db gives a table with pk, sk and ttl, and DB_TABLE_NAME and DB_TABLE_REGION in the container.',
  },
  { id: 'CFG-7', statement: 'infrastructure.aws.assume_roles maps names to role ARNs; both are validated, colliding names refused.' },
  {
    id: 'CFG-8',
    statement: 'env maps valid names to text of at most 2,000 characters; automatic names cannot be overridden; values are never shown.',
  },
  { id: 'CFG-9', statement: 'infrastructure.scaling is accepted; kubernetes and private_connections are refused by name.' },
  {
    id: 'CFG-10',
    statement:
      'Every fault of a file is reported at once with line, column, path, found, expected and nearest; a JSON Schema is published.',
  },
  { id: 'SUB-1', statement: '${VAR} is required; all missing variables are listed in one error and nothing is sent.' },
  { id: 'SUB-2', statement: '${VAR:-default} is the default when unset or empty.' },
  { id: 'SUB-3', statement: '${VAR-default} is the default only when unset.' },
  { id: 'SUB-4', statement: '$$NAME is kept for the platform; a lone $, $NAME and $5 are text.' },
  { id: 'SUB-5', statement: 'Values come from the environment and one .env file, which wins and is read as python-dotenv reads it.' },
  { id: 'SUB-6', statement: 'Comments are left alone; a value changes only the scalar it stands in.' },
  { id: 'SUB-7', statement: ':?, ?, :+, + and nested defaults work as in Docker Compose; any other form is an error with its place.' },
  { id: 'SUB-8', statement: 'Validation errors show substituted values, never the value of an env entry; $$DEPLOYMENT_URL stays.' },
  { id: 'AUTO-1', statement: 'DEPLOYMENT_URL, RUNLAYER_URL, RUNLAYER_OAUTH_CALLBACK_URL and RUNLAYER_DEPLOYMENT_ID are injected.' },
  { id: 'AUTO-2', statement: '$$DEPLOYMENT_URL, $$RUNLAYER_URL and $$RUNLAYER_OAUTH_CALLBACK_URL are replaced in env values.' },
  { id: 'SEC-1', statement: 'env values are masked in answers, sealed at rest, and appear in no log, error, event or audit row.' },
  { id: 'CLI-1', statement: 'The commands and options of runlayer deploy, login and logout.' },
  { id: 'CLI-2', statement: 'init creates the record and writes the template; an existing file is never overwritten.' },
  { id: 'CLI-3', statement: 'deploy goes from .env to the printed URL, with the exit codes 0, 1, 2, 3 and 75.' },
  { id: 'CLI-4', statement: 'validate says that the file is valid, or all that is wrong, and creates nothing.' },
  {
    id: 'CLI-5',
    statement: 'pull backs up the file and writes the latest configuration with placeholders; a failure leaves the old file.',
  },
  {
    id: 'CLI-6',
    statement: 'destroy asks first, refuses while connectors are attached, offers Delete All, and ends with a verified list.',
  },
  { id: 'CLI-7', statement: 'Deploy keys of the organization can do the five commands; they cannot register connectors.' },
  { id: 'CLI-8', statement: 'Multi-stage builds, build args and builds for the other architecture work or say what is missing.' },
  {
    id: 'CLI-9',
    statement: 'status, logs, list, history, rollback, plan, dev, doctor, completions, --json everywhere.',
    open: 'The further commands are work of their own.',
  },
  {
    id: 'PLAT-1',
    statement: 'People who are no admins request a server; an admin approves or rejects; every step is audited.',
    open: dashboardIssue,
  },
  {
    id: 'PLAT-2',
    statement: 'A deployment has name, icon, configuration, status, logs, history, URL and task role in the web UI and the API.',
    open: dashboardIssue,
  },
  { id: 'PLAT-3', statement: 'A deployment is registered as a connector; connectors can be added by URL.' },
  { id: 'PLAT-4', statement: 'A status is what was last verified; each cause of a failed start is named with evidence and a fix.' },
  { id: 'PLAT-5', statement: 'Destroy with connectors attached is refused unless Delete All is used by someone who may.' },
  { id: 'PLAT-6', statement: 'Configuration changes, identity toggles among them, are in the audit log.' },
  { id: 'AWS-1', statement: 'One dedicated task role per deployment with a stable ARN.' },
  {
    id: 'AWS-2',
    statement: 'The connector assumes customer roles with ExternalId; the trust policy is printed filled in.',
  },
  { id: 'AWS-3', statement: "Validation never calls the customer's account." },
  {
    id: 'AWS-4',
    statement: 'ECS Fargate service with rollout, logs, private address, registry and table; destroy leaves nothing.',
  },
  { id: 'PROXY-1', statement: 'The deployment URL and the connector URL carry streaming HTTP and SSE for every MCP revision.' },
  { id: 'PROXY-2', statement: 'Every route needs authentication save those matched by service.expose on the normalised path.' },
  { id: 'PROXY-3', statement: 'An OAuth server behind its DEPLOYMENT_URL works with an unmodified MCP client.' },
  { id: 'PROXY-4', statement: 'Anonymous calls carry only subject type and organization.' },
  { id: 'ID-1', statement: 'Two independent toggles per connector, for admins only, off by default.' },
  { id: 'ID-2', statement: 'The identity headers, per subject type; what a client sends under reserved names never reaches the upstream.' },
  { id: 'ID-3', statement: 'The identity token: EdDSA, kid, iss, aud, iat, exp, jti, sub and the identity claims.' },
  { id: 'ID-4', statement: 'JWKS at its well-known path; rotation refuses no request.' },
  {
    id: 'ID-5',
    statement: 'A verifier for upstream servers and a tested recipe for Python; a token for one server is refused at another.',
  },
  { id: 'ID-6', statement: 'Subject types user, agent and obo.' },
];
