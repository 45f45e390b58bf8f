// Renders the table of settings for docs/operating.md and for `--help`.
import { settingsTable } from './table.ts';

/** A Markdown table of every setting, generated from the table that validates them. */
export function settingsReference(): string {
  const rows = Object.values(settingsTable).map(
    ({ env, key, about, fallback, secret }) => `| \`${env}\` | \`${key}\` | ${about}${secret === true ? ' Secret.' : ''} | ${fallback} |`,
  );
  return ['| Variable | Key in the file | Meaning | Default |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** The same as plain text for a terminal. */
export function settingsHelp(): string {
  return Object.values(settingsTable)
    .map(({ env, about, fallback }) => `  ${env}\n      ${about.replaceAll('`', '')}\n      Default: ${fallback.replaceAll('`', '')}.`)
    .join('\n');
}
