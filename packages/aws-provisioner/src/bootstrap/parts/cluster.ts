// The ECS cluster that all tasks run in.
import { type Cluster, CreateClusterCommand, DescribeClustersCommand, UpdateClusterSettingsCommand } from '@aws-sdk/client-ecs';
import { lowerTagList, tagsFrom } from '../../tags.ts';
import type { BootstrapContext } from '../bootstrap-options.ts';
import { demandOurs, type Part, type Seen } from '../part.ts';

/** Container Insights counts the traffic that a scaling policy may follow; it costs, so it is on only where services scale. */
const insights = { name: 'containerInsights', value: 'enabled' } as const;

/** The cluster. */
export function cluster(context: BootstrapContext): Part {
  const { aws, names, tags } = context;
  const { scaling } = aws.options;
  const abort = { abortSignal: aws.signal };
  return {
    resource: 'cluster',
    name: names.cluster,
    features: scaling ? ['with Container Insights'] : [],
    look: () => look(context),
    create: () => {
      const settings = scaling ? { settings: [insights] } : {};
      return aws.clients.ecs.send(new CreateClusterCommand({ clusterName: names.cluster, tags: lowerTagList(tags), ...settings }), abort);
    },
  };
}

async function look(context: BootstrapContext): Promise<Seen | undefined> {
  const { aws, names } = context;
  const describe = new DescribeClustersCommand({ clusters: [names.cluster], include: ['SETTINGS', 'TAGS'] });
  const { clusters: [found] = [] } = await aws.clients.ecs.send(describe, { abortSignal: aws.signal });
  // A deleted cluster stays to be seen for a while.
  if (found === undefined || found.status === 'INACTIVE') return undefined;
  demandOurs(`The cluster ${names.cluster}`, tagsFrom(found.tags), context);
  if (!aws.options.scaling || hasInsights(found)) return { corrections: {} };
  const update = new UpdateClusterSettingsCommand({ cluster: names.cluster, settings: [insights] });
  return { corrections: { 'Container Insights are off': () => aws.clients.ecs.send(update, { abortSignal: aws.signal }) } };
}

/** `enhanced` is more of the same. */
function hasInsights({ settings = [] }: Cluster): boolean {
  return settings.some(({ name, value }) => name === insights.name && value !== 'disabled');
}
