// The pages that come from the code, by their path.
import { configurationReference } from '@runlayer/config-schema';
import { settingsReference } from '@runlayer/server/reference';
import { errorsPage } from './errors-page.ts';

const settingsHead = `# Settings

Each setting is an environment variable, or a key in the YAML or JSON file that \`RUNLAYER_CONFIG\` or \`--config\` names; the environment wins.
Every faulty setting is listed at once when the server starts.
`;

/** Path below the root to the text that belongs there. */
export async function pages(root: string): Promise<Record<string, string>> {
  return {
    'docs/configuration.md': configurationReference(),
    'docs/settings.md': `${settingsHead}\n${settingsReference()}`,
    'docs/errors.md': await errorsPage(root),
  };
}
