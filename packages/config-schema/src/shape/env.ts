// The shape of `env`: names that a process can have, values that are texts and secret.
import type { Complaint, MapField } from '../field.ts';
import { maxEnvValueLength } from '../limits.ts';
import { isAutomaticVariable } from '../platform-variables.ts';

const namePattern = '^[A-Za-z_][A-Za-z0-9_]*$';

/** `env` of the file. */
export const envField = {
  kind: 'map',
  names: 'variable',
  namePattern,
  checkName: checkVariableName,
  about:
    'Variables of the container. Values are texts of at most 2,000 characters. A number or `true` without quotes is taken as it is written, with a warning; nothing at all is refused: write `""` for an empty text. They are secret: stored sealed, shown as `***`. `${NAME}` is replaced by the command before anything is sent, `$$DEPLOYMENT_URL`, `$$RUNLAYER_URL` and `$$RUNLAYER_OAUTH_CALLBACK_URL` by the platform.',
  default: 'none',
  example: { LOG_LEVEL: 'info', API_TOKEN: '${API_TOKEN}', OAUTH_ISSUER: '$$DEPLOYMENT_URL' },
  value: {
    kind: 'text',
    expected: 'a text',
    secret: true,
    unquoted: true,
    maxLength: maxEnvValueLength,
    check: checkValue,
    about: 'Value of the variable.',
  },
} as const satisfies MapField;

function checkVariableName(name: string): Complaint | undefined {
  if (name.length > 256 || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    const suggestion = name.trim().replace(/[-. ]/g, '_');
    return {
      message: 'is not a valid name of a variable.',
      expected: 'at most 256 letters, digits and `_`, not beginning with a digit',
      suggestion: suggestion.length <= 256 && /^[A-Za-z_][A-Za-z0-9_]*$/.test(suggestion) ? suggestion : undefined,
      hint: name.includes('=') ? 'Write `NAME: value`, with a colon and a space.' : undefined,
    };
  }
  return isAutomaticVariable(name)
    ? { message: 'is set by the platform and cannot be overridden.', hint: 'Remove it, or choose another name.' }
    : undefined;
}

function checkValue(value: string): Complaint | undefined {
  const length = value.length <= maxEnvValueLength ? value.length : characters(value);
  if (length <= maxEnvValueLength) return undefined;
  return {
    message: `is ${length} characters long; at most ${maxEnvValueLength} are allowed.`,
    expected: `at most ${maxEnvValueLength} characters`,
  };
}

/** Unicode characters, as the published platform counts them, not UTF-16 units. */
function characters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
