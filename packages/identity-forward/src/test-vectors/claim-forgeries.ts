// T5 to T7 and T12: well signed tokens that say the wrong thing, as a token stolen elsewhere or a careless signer would.
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
    ['for a list of this server alone', { aud: [audience] }],
    ['for a list of this server and another', { aud: [audience, 'runlayer:identity-forward:other'] }],
    ['for an empty list', { aud: [] }],
    ['for a server whose id begins like ours', { aud: `${audience}0` }],
    ['for a server whose id ours begins with', { aud: audience.slice(0, -1) }],
    ['audience in upper case', { aud: audience.toUpperCase() }],
    ['audience with a space', { aud: `${audience} ` }],
    ['the server id alone', { aud: serverId }],
    ['audience null', { aud: null }],
    ['no audience', { aud: undefined }],
  ]);
}

function issuerForgeries(): Forgery[] {
  return family<Change>('T6', 'ERR_IDENTITY_TOKEN_ISSUER', changed, [
    ['issuer with a slash', { iss: `${issuer}/` }],
    ['issuer with a port', { iss: `${issuer}:443` }],
    ['issuer in upper case', { iss: issuer.toUpperCase() }],
    ['issuer over http', { iss: issuer.replace('https', 'http') }],
    ['issuer with a user name', { iss: 'https://runlayer.example@evil.example' }],
    ['issuer on a longer host', { iss: `${issuer}.evil.example` }],
    ['issuer on a host that looks alike', { iss: 'https://runl\u0430yer.example' }],
    ['issuer with a path', { iss: `${issuer}/tenant` }],
    ['issuer as a list', { iss: [issuer] }],
    ['issuer null', { iss: null }],
    ['no issuer', { iss: undefined }],
  ]);
}

function timeForgeries(): Forgery[] {
  return [
    ...family<Change>('T7', 'ERR_IDENTITY_TOKEN_TIME', changed, [
      ['no exp', { exp: undefined }],
      ['exp null', { exp: null }],
      ['exp as text', { exp: String(now + 300) }],
      ['exp as a fraction', { exp: now + 0.5 }],
      ['exp beyond all numbers', { exp: 1e300 }],
      ['exp negative', { exp: -1 }],
      ['exp ten years away', { exp: now + 315_360_000 }],
      ['a lifetime of 301 s', { exp: now + 301 }],
      ['a lifetime of 301 s that began in the past', { iat: now - 200, exp: now + 101 }],
      ['no lifetime', { exp: now }],
      ['expiring before it was issued', { iat: now, exp: now - 10 }],
      ['no iat', { iat: undefined }],
      ['iat as text', { iat: String(now) }],
      ['iat as a fraction', { iat: now - 0.5 }],
      ['iat true', { iat: true }],
      ['issued 31 s in the future', { iat: now + 31, exp: now + 331 }],
      ['not valid before an hour has passed', { nbf: now + 3600 }],
      ['nbf as text', { nbf: 'soon' }],
    ]),
    ...family<Change>('T7', 'ERR_IDENTITY_TOKEN_EXPIRED', changed, [
      ['expired 30 s ago', { iat: now - 330, exp: now - 30 }],
      ['expired a year ago', { iat: now - 31_536_300, exp: now - 31_536_000 }],
      ['issued at the beginning of time', { iat: 0, exp: 300 }],
    ]),
  ];
}

function otherForgeries(): Forgery[] {
  return family<Change>('form', 'ERR_IDENTITY_TOKEN_CLAIMS', changed, [
    ['no jti', { jti: undefined }],
    ['an empty jti', { jti: '' }],
    ['a number as jti', { jti: 7 }],
    ['a jti of 129 characters', { jti: 'j'.repeat(129) }],
    ['a jti with a line end', { jti: 'a\nb' }],
    ['no organization', { organization_id: undefined }],
    ['an empty organization', { organization_id: '' }],
    ['an organization with a line end', { organization_id: 'o\r\nX-Admin: 1' }],
    ['a list as organization', { organization_id: ['o'] }],
  ]);
}

function subjectForgeries(): Forgery[] {
  return [
    ...family<Change>('T12', 'ERR_IDENTITY_TOKEN_SUBJECT', whole, [
      ['a user without an id', { ...user, user_id: undefined }],
      ['a user without an email', { ...user, user_email: undefined }],
      ['a user with the id of an agent', { ...user, agent_id: agent.agent_id }],
      ['a user with all of an agent', { ...user, agent_id: agent.agent_id, agent_name: agent.agent_name }],
      ['a user with the claims of an agent', { ...agent, subject_type: 'user' }],
      ['an agent without an id', { ...agent, agent_id: undefined }],
      ['an agent without a name', { ...agent, agent_name: undefined }],
      ['an agent with the id of a user', { ...agent, user_id: user.user_id }],
      ['an agent with a user of null', { ...agent, user_id: null, user_email: null }],
      ['on behalf of nobody', { ...agent, subject_type: 'obo' }],
      ['on behalf, without the agent', { ...user, subject_type: 'obo' }],
      ['on behalf, without the agent name', { ...obo, agent_name: undefined }],
      ['sub of somebody else', { ...user, sub: '0b000000-0000-4000-8000-00000000000f' }],
      ['sub of the agent, on behalf of a user', { ...obo, sub: obo.agent_id }],
      ['no sub', { ...user, sub: undefined }],
      ['sub as a list', { ...user, sub: [user.user_id] }],
    ]),
    ...family<Change>('T12', 'ERR_IDENTITY_TOKEN_CLAIMS', whole, [
      ['no subject type', { ...user, subject_type: undefined }],
      ['an anonymous subject', { ...user, subject_type: 'anonymous' }],
      ['an unknown subject type', { ...user, subject_type: 'admin' }],
      ['a subject type in upper case', { ...user, subject_type: 'USER' }],
      ['a subject type that every object has', { ...user, subject_type: 'constructor' }],
      ['a list as subject type', { ...user, subject_type: ['user'] }],
      ['a user of null', { ...user, user_id: null, sub: null }],
      ['an empty user', { ...user, user_id: '', sub: '' }],
      ['a number as user', { ...user, user_id: 7, sub: 7 }],
      ['a user id of 129 characters', { ...user, user_id: 'u'.repeat(129), sub: 'u'.repeat(129) }],
      ['an email with a line end', { ...user, user_email: 'ann@example.com\nbcc' }],
      ['a map as agent name', { ...agent, agent_name: {} }],
      ['an agent name of 1025 characters', { ...agent, agent_name: 'n'.repeat(1025) }],
    ]),
  ];
}

/** Forgeries by what the token claims. */
export function claimForgeries(): Forgery[] {
  return [...audienceForgeries(), ...issuerForgeries(), ...timeForgeries(), ...otherForgeries(), ...subjectForgeries()];
}
