// T5 to T7 and T12: well signed tokens that say the wrong thing, as a token stolen elsewhere or a careless signer would.
// One wrong value at a time is in mutated-claims.ts.
import { goodClaims, goodHeader, issuer, now, serverId, signParts } from './craft.ts';
import { family } from './forgery.ts';
import type { Forgery } from './forgery.ts';

type Change = Readonly<Record<string, unknown>>;

const { user, agent, obo } = goodClaims;
const audience = user.aud;
const changed = (change: Change): string => signParts(goodHeader, { ...user, ...change });
const whole = (claims: Change): string => signParts(goodHeader, claims);

function audienceForgeries(): Forgery[] {
  return family<Change>('T5', 'ERR_IDENTITY_TOKEN_AUDIENCE', changed, [
    ['for another server', { aud: 'runlayer:identity-forward:5e4d1f0a-0000-4000-8000-000000000009' }],
    ['for a list of this server and another', { aud: [audience, 'runlayer:identity-forward:other'] }],
    ['for a list that names this server last', { aud: ['runlayer:identity-forward:other', audience] }],
    ['for a list in a text', { aud: `${audience},runlayer:identity-forward:other` }],
    ['for all servers', { aud: 'runlayer:identity-forward:*' }],
    ['for the server with no id', { aud: 'runlayer:identity-forward:' }],
    ['for another use of this server', { aud: `runlayer:other:${serverId}` }],
    ['the server id alone', { aud: serverId }],
    ['the server id in upper case', { aud: `runlayer:identity-forward:${serverId.toUpperCase()}` }],
    ['the platform as audience', { aud: issuer }],
    ['the audience under another name', { aud: undefined, Aud: audience, azp: audience }],
  ]);
}

function issuerForgeries(): Forgery[] {
  return family<Change>('T6', 'ERR_IDENTITY_TOKEN_ISSUER', changed, [
    ['issuer with a slash', { iss: `${issuer}/` }],
    ['issuer with a dot', { iss: `${issuer}.` }],
    ['issuer with a port', { iss: `${issuer}:443` }],
    ['issuer with another port', { iss: `${issuer}:8443` }],
    ['issuer with its host in upper case', { iss: 'https://RUNLAYER.example' }],
    ['issuer over http', { iss: issuer.replace('https', 'http') }],
    ['issuer without a scheme', { iss: issuer.replace('https://', '') }],
    ['issuer with a user name', { iss: 'https://runlayer.example@evil.example' }],
    ['issuer with a backslash', { iss: 'https://evil.example\\@runlayer.example' }],
    ['issuer on a longer host', { iss: `${issuer}.evil.example` }],
    ['issuer on a host below', { iss: 'https://a.runlayer.example' }],
    ['issuer on a host that looks alike, in punycode', { iss: 'https://xn--runlyer-7fg.example' }],
    ['issuer with a fullwidth dot', { iss: 'https://runlayer\uff0eexample' }],
    ['issuer with a soft hyphen', { iss: 'https://run\u00adlayer.example' }],
    ['issuer with an escape', { iss: 'https://runl%61yer.example' }],
    ['issuer with a path', { iss: `${issuer}/tenant` }],
    ['issuer with a query', { iss: `${issuer}?` }],
    ['issuer with a fragment', { iss: `${issuer}#` }],
    ['issuer as a list of two', { iss: ['https://evil.example', issuer] }],
  ]);
}

function timeForgeries(): Forgery[] {
  return [
    ...family<Change>('T7', 'ERR_IDENTITY_TOKEN_TIME', changed, [
      ['exp ten years away', { exp: now + 315_360_000 }],
      ['exp at the end of 32 bits', { exp: 2 ** 31 - 1 }],
      ['exp at the end of the safe numbers', { exp: 2 ** 53 - 1 }],
      ['a lifetime of 301 s', { exp: now + 301 }],
      ['a lifetime of 301 s that began in the past', { iat: now - 200, exp: now + 101 }],
      ['a lifetime of ten years, half of it over', { iat: now - 157_680_000, exp: now + 157_680_000 }],
      ['issued at the beginning of time and not expired', { iat: 0 }],
      ['no lifetime', { exp: now }],
      ['expiring before it was issued', { iat: now, exp: now - 10 }],
      ['issued 31 s in the future', { iat: now + 31, exp: now + 331 }],
      ['issued an hour in the future', { iat: now + 3600, exp: now + 3900 }],
      ['not valid before an hour has passed', { nbf: now + 3600 }],
    ]),
    ...family<Change>('T7', 'ERR_IDENTITY_TOKEN_EXPIRED', changed, [
      ['expired 30 s ago', { iat: now - 330, exp: now - 30 }],
      ['expired a minute ago', { iat: now - 360, exp: now - 60 }],
      ['expired a year ago', { iat: now - 31_536_300, exp: now - 31_536_000 }],
      ['issued at the beginning of time', { iat: 0, exp: 300 }],
    ]),
  ];
}

function subjectForgeries(): Forgery[] {
  return [
    ...family<Change>('T12', 'ERR_IDENTITY_TOKEN_SUBJECT', whole, [
      ['a user with the id of an agent', { ...user, agent_id: agent.agent_id }],
      ['a user with the name of an agent', { ...user, agent_name: agent.agent_name }],
      ['a user with an empty agent', { ...user, agent_id: '' }],
      ['a user with an agent of null', { ...user, agent_id: null, agent_name: null }],
      ['a user with all of an agent', { ...user, agent_id: agent.agent_id, agent_name: agent.agent_name }],
      ['a user with the claims of an agent', { ...agent, subject_type: 'user' }],
      ['an agent with the claims of a user', { ...user, subject_type: 'agent' }],
      ['an agent with the id of a user', { ...agent, user_id: user.user_id }],
      ['an agent with the email of a user', { ...agent, user_email: user.user_email }],
      ['an agent with all of a user', { ...obo, subject_type: 'agent', sub: agent.agent_id }],
      ['an agent with a user of null', { ...agent, user_id: null, user_email: null }],
      ['on behalf of nobody', { ...agent, subject_type: 'obo' }],
      ['on behalf, without the agent', { ...user, subject_type: 'obo' }],
      ['sub of somebody else', { ...user, sub: '0b000000-0000-4000-8000-00000000000f' }],
      ['sub of another agent', { ...agent, sub: '0c000000-0000-4000-8000-00000000000f' }],
      ['sub of the agent, on behalf of a user', { ...obo, sub: obo.agent_id }],
      ['sub of both', { ...obo, sub: `${obo.user_id}:${obo.agent_id}` }],
      ['sub of the email', { ...user, sub: user.user_email }],
    ]),
    ...family<Change>('T12', 'ERR_IDENTITY_TOKEN_CLAIMS', whole, [
      ['an anonymous subject', { ...user, subject_type: 'anonymous' }],
      [
        'an anonymous subject with nothing else',
        { ...user, subject_type: 'anonymous', sub: '', user_id: undefined, user_email: undefined },
      ],
      ['an unknown subject type', { ...user, subject_type: 'admin' }],
      ['a subject type that every object has', { ...user, subject_type: 'constructor' }],
      ['__proto__ as subject type', { ...user, subject_type: '__proto__' }],
      ['a list of two subject types', { ...obo, subject_type: ['user', 'agent'] }],
      ['an organization key as subject', { ...user, subject_type: 'organization_key' }],
    ]),
  ];
}

/** Forgeries by what the token claims. */
export function claimForgeries(): Forgery[] {
  return [...audienceForgeries(), ...issuerForgeries(), ...timeForgeries(), ...subjectForgeries()];
}
