// The texts of `runlayer-server keys --help`.
import type { KeysVerb } from './parse-keys.ts';

const where = `The database is that of the settings (DATABASE_URL, RUNLAYER_DATA_DIR, RUNLAYER_SEAL_KEY), as the server has them. A running
server follows within a second. While a server uses an embedded database, the command asks that server, with the API key of an
admin: RUNLAYER_ADMIN_API_KEY, else RUNLAYER_API_KEY.
`;

const common = `  --json          one JSON value on standard output
  --config FILE   settings as YAML or JSON (also RUNLAYER_CONFIG)
  --help          this text
`;

const exits = 'Exit codes: 0 done or asked for, 1 failed, 2 wrong usage, 3 the API key is refused, 130 Ctrl-C.\n';

const texts: Readonly<Record<KeysVerb | 'keys', string>> = {
  keys: `The keys that sign identity tokens.

Usage: runlayer-server keys list | rotate [--now] [--wait] | revoke KID [--yes]

  list     shows every key: which signs, which is next, which are still published
  rotate   lets the next key sign, as soon as every verifier has it
  revoke   takes a key away at once, because it may have leaked

${common}
${where}
${exits}
Examples:
  runlayer-server keys list
  runlayer-server keys rotate --wait
  runlayer-server keys rotate --help
`,
  list: `Shows the keys that sign identity tokens, newest first.

Usage: runlayer-server keys list [--json]

${common}
${where}
${exits}
Examples:
  runlayer-server keys list
  runlayer-server keys list --json | jq -r '.data[] | select(.state == "current").kid'
`,
  rotate: `Lets the next key sign identity tokens. It has been published for a while already; where that is not long enough for every
verifier to have it, the wish is kept, and a server makes the change when it is (RUNLAYER_KEY_LEAD_SECONDS). No token is refused.

Usage: runlayer-server keys rotate [--wait | --now] [--json]

  --wait          returns when the next key signs; Ctrl-C ends the wait, not the change
  --now           does not wait until every verifier has the key: those that keep an older set may refuse tokens until they
                  fetch it again, most at once, some only after 10 min
${common}
${where}
${exits}
Examples:
  runlayer-server keys rotate
  runlayer-server keys rotate --wait --json
`,
  revoke: `Takes a key away at once: it leaves the published set, and where it was the one that signs, the next one does. A verifier
believes its tokens until it fetches the keys again, at most 10 min while it reaches the platform. It cannot be undone.

Usage: runlayer-server keys revoke KID [--yes] [--json]

  --yes           does not ask; needed where there is no terminal
${common}
${where}
${exits}
Examples:
  runlayer-server keys revoke Xb2…
  runlayer-server keys revoke --yes "$(runlayer-server keys list --json | jq -r '.data[] | select(.state == "current").kid')"
`,
};

/** Help on one command, or on all. */
export function keysHelp(verb: KeysVerb | undefined): string {
  return texts[verb ?? 'keys'];
}
