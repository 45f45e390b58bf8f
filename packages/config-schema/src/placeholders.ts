// What stands for an `env` value in an exported file: a placeholder to be filled in again, or the platform's own reference.
import { platformReferences } from './platform-variables.ts';

const reference = `\\$\\$(?:${platformReferences.join('|')})(?![A-Za-z0-9_])`;

// What may stand around a reference in a value that is shown: a path of short plain parts. Text of any other kind, a query above all,
// may hold a secret (`$$DEPLOYMENT_URL?token=…`), and then the whole value is hidden.
const shownValue = new RegExp(`^${reference}(?:/[A-Za-z0-9._-]{0,32})*$`);

/** Whether a value is nothing but a reference to the platform with a plain path behind it, such as `$$DEPLOYMENT_URL/cb`: no secret. */
function isPlatformValue(value: string): boolean {
  return shownValue.test(value);
}

/**
 * For each name of `env` what an exported file shows in its place: `$$…` values as they are, else `${NAME}` in upper case, the only case
 * that published clients substitute. Where two names differ in case only, the one written in upper case keeps its name and the others get
 * `_2`, `_3`: one placeholder for both would give both the same value.
 */
export function exportedEnv(env: Readonly<Record<string, string>>): Record<string, string> {
  const taken = new Set(Object.keys(env).filter((name) => name === name.toUpperCase()));
  const shown = (name: string, value: string): string => {
    if (isPlatformValue(value)) return value;
    return `\${${name === name.toUpperCase() ? name : freeName(name.toUpperCase(), taken)}}`;
  };
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, shown(name, value)]));
}

function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let count = 2; taken.has(free); count += 1) free = `${name}_${count}`;
  taken.add(free);
  return free;
}
