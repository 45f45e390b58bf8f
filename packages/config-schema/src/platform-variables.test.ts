import { describe, expect, it } from 'vitest';
import { automaticVariables, expandPlatformVariables, isAutomaticVariable, roleVariable } from './platform-variables.ts';

const values = {
  DEPLOYMENT_URL: 'https://p.example/d',
  RUNLAYER_URL: 'https://p.example',
  RUNLAYER_OAUTH_CALLBACK_URL: 'https://p.example/oauth/callback',
};

describe('the variables of the platform', () => {
  it.each([
    ['$$DEPLOYMENT_URL', 'https://p.example/d'],
    ['$$RUNLAYER_URL', 'https://p.example'],
    ['$$RUNLAYER_OAUTH_CALLBACK_URL', 'https://p.example/oauth/callback'],
    ['a$$DEPLOYMENT_URL/b,$$RUNLAYER_URL.', 'ahttps://p.example/d/b,https://p.example.'],
    ['$$DEPLOYMENT_URLS', '$$DEPLOYMENT_URLS'],
    ['$$deployment_url', '$$deployment_url'],
    ['$DEPLOYMENT_URL', '$DEPLOYMENT_URL'],
    ['$${DEPLOYMENT_URL}', '$${DEPLOYMENT_URL}'],
    ['$$$DEPLOYMENT_URL', '$https://p.example/d'],
    ['$$$$RUNLAYER_URL', '$$https://p.example'],
    ['$$OTHER $$', '$$OTHER $$'],
    ['$$constructor', '$$constructor'],
    ['', ''],
  ])('expands %s to %s [AUTO-2]', (value, expanded) => {
    expect(expandPlatformVariables(value, values)).toBe(expanded);
  });

  it('does not look again at what it put in [AUTO-2]', () => {
    expect(expandPlatformVariables('$$DEPLOYMENT_URL', { ...values, DEPLOYMENT_URL: '$$RUNLAYER_URL $& $1' })).toBe('$$RUNLAYER_URL $& $1');
  });

  it.each([
    ['DEPLOYMENT_URL', true],
    ['DB_TABLE_REGION', true],
    ['RUNLAYER_AWS_ROLE_DATA', true],
    ['RUNLAYER_SERVER_ID', false],
    ['RUNLAYER_IDENTITY_JWKS_URL', false],
    ['deployment_url', false],
    ['MY_DEPLOYMENT_URL', false],
    ['RUNLAYER_URLS', false],
  ])('knows that %s is automatic: %s [AUTO-1]', (name, automatic) => {
    expect(isAutomaticVariable(name)).toBe(automatic);
  });

  it('says of each what it holds and when it is there [AUTO-1, CFG-6]', () => {
    expect(automaticVariables).toHaveLength(8);
    for (const { about } of automaticVariables) expect(about).toMatch(/\.$/);
  });

  it('names the variable of a role in upper case [CFG-7]', () => {
    expect(roleVariable('secrets')).toBe('RUNLAYER_AWS_ROLE_SECRETS');
  });
});
