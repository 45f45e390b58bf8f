// The pages that come from the code, by their path.
import { configurationReference } from '@runlayer/config-schema';
import { settingsReference } from '@runlayer/server/reference';
import { errorsPage } from './errors-page.ts';

/** Path below the root to the text that belongs there. */
export async function pages(root: string): Promise<Record<string, string>> {
  return {
    'docs/configuration.md': configurationReference(),
    'docs/settings.md': settingsReference(),
    'docs/errors.md': await errorsPage(root),
  };
}
