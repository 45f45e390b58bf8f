// What the types of the client allow and refuse.
import { createClient, type RunlayerClient, type Schemas } from './index.ts';

declare const client: RunlayerClient;

const deployment: Promise<Schemas['Deployment']> = client.deployments.get('id');
const status: 'not_deployed' | 'queued' | 'running' | 'succeeded' | 'failed' = (await client.deployments.status('id')).status;
const key: string = (await client.apiKeys.create({ name: 'ci', owner: 'organization', role: 'deploy' })).api_key;
export const used = [deployment, status, key];

// @ts-expect-error a host is needed
createClient({ apiKey: 'k' });
// @ts-expect-error no such role
void client.users.create({ email: 'a@b.c', role: 'owner' });
// @ts-expect-error yaml_content is needed
void client.deployments.update('id', {});
// @ts-expect-error the template may be missing
export const template: string = (await client.deployments.get('id')).template_yaml;
