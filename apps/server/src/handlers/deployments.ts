// Handlers of deployments. Each calls one verb of the control plane and returns what that returns.
import { contract, maxYamlBytes } from '@runlayer/api';
import { fail } from '../error-codes.ts';
import type { App } from '../http/environment.ts';
import { withoutSlash } from '../http/without-slash.ts';
import { wireDeployment, wireValidation } from '../wire/deployment.ts';
import { pageRequest, wirePage } from '../wire/page.ts';
import type { Parts } from './parts.ts';

/** Registers the routes of deployments. */
export function registerDeployments(app: App, { controlPlane: { deployments }, registryCredentials }: Parts): void {
  app.openapi(withoutSlash(contract.listDeployments), async (c) => {
    const query = c.req.valid('query');
    const page = await deployments.list(c.get('principal'), { ...pageRequest(query), includeDeleted: query.include_deleted === 'true' });
    return c.json(wirePage(page, wireDeployment), 200);
  });
  app.openapi(withoutSlash(contract.createDeployment), async (c) =>
    c.json(wireDeployment(await deployments.create(c.get('principal'), c.req.valid('json'))), 201),
  );
  app.openapi(contract.validateYaml, async (c) => {
    const { yaml_content } = c.req.valid('json');
    return c.json(wireValidation(await deployments.validate(c.get('principal'), withinLimit(yaml_content))), 200);
  });
  app.openapi(contract.registryCredentials, async (c) => c.json(await registryCredentials(), 200));
  app.openapi(contract.getDeployment, async (c) =>
    c.json(wireDeployment(await deployments.get(c.get('principal'), c.req.valid('param').id)), 200),
  );
  app.openapi(contract.updateDeployment, async (c) => {
    const { yaml_content, docker_image } = c.req.valid('json');
    const input = { yaml: withinLimit(yaml_content), dockerImage: docker_image };
    return c.json(wireDeployment(await deployments.update(c.get('principal'), c.req.valid('param').id, input)), 200);
  });
  app.openapi(contract.patchDeployment, async (c) =>
    c.json(wireDeployment(await deployments.rename(c.get('principal'), c.req.valid('param').id, c.req.valid('json'))), 200),
  );
  app.openapi(contract.deleteDeployment, async (c) => {
    const options = { deleteConnectors: c.req.valid('query').delete_connectors === 'true' };
    const { id, deletionStatus } = await deployments.destroy(c.get('principal'), c.req.valid('param').id, options);
    return c.json({ id, deletion_status: deletionStatus ?? 'deleting' }, 202);
  });
  app.openapi(contract.exportYaml, async (c) =>
    c.json({ yaml_content: await deployments.exportYaml(c.get('principal'), c.req.valid('param').id) }, 200),
  );
}

/** The text itself. @throws ERR_BODY_TOO_LARGE, so that nothing larger is ever parsed. */
function withinLimit(yaml: string): string {
  const size = Buffer.byteLength(yaml);
  if (size <= maxYamlBytes) return yaml;
  throw fail(
    'ERR_BODY_TOO_LARGE',
    `yaml_content is ${(size / 1024 / 1024).toFixed(1)} MiB; at most ${maxYamlBytes / 1024 / 1024} MiB are read.`,
  );
}
