// Writes a configuration as runlayer.yaml: what `pull` brings. Built from the parsed configuration, so nothing but known keys survives.
import type { BuildConfig, Config, InfrastructureConfig, ScalingConfig, ServiceConfig } from './config.ts';
import { exportedEnv } from './placeholders.ts';
import { yamlQuoted, yamlText } from './yaml-text.ts';

/**
 * The configuration as a file. No `env` value is in it: each is `${NAME}`, upper case and in single quotes, or kept where it is a
 * platform reference with a plain path (`$$DEPLOYMENT_URL/cb`). Comments of the original are not kept, for they may hold secrets.
 * The text stays within the keys that published clients allow, and parses to the same configuration once the placeholders have values.
 */
export function exportYaml(config: Config): string {
  return [
    ...(config.id === undefined ? [] : [`id: ${yamlText(config.id)}`]),
    `name: ${yamlText(config.name)}`,
    `runtime: ${config.runtime}`,
    ...(config.image === undefined ? buildLines(config.build) : [`image: ${yamlText(config.image)}`]),
    ...serviceLines(config.service),
    ...infrastructureLines(config.infrastructure),
    ...mapLines('env', exportedEnv(config.env), ''),
    '',
  ].join('\n');
}

function buildLines(build: BuildConfig | undefined): string[] {
  if (build === undefined) return [];
  return [
    'build:',
    `  dockerfile: ${yamlText(build.dockerfile)}`,
    `  context: ${yamlText(build.context)}`,
    ...line('  platform', build.platform),
    ...mapLines('args', build.args, '  '),
    ...line('  target', build.target === undefined ? undefined : yamlText(build.target)),
  ];
}

function serviceLines(service: ServiceConfig): string[] {
  const routes = service.expose.map((route) => `    - ${yamlText(route)}`);
  return [
    'service:',
    `  port: ${service.port}`,
    ...line('  path', service.path === undefined ? undefined : yamlText(service.path)),
    ...(routes.length === 0 ? [] : ['  expose:', ...routes]),
  ];
}

function infrastructureLines(infrastructure: InfrastructureConfig): string[] {
  const roles = mapLines('assume_roles', infrastructure.assumeRoles, '    ');
  return [
    'infrastructure:',
    `  cpu: ${infrastructure.cpu}`,
    `  memory: ${infrastructure.memory}`,
    ...line('  platform', infrastructure.platform),
    ...(infrastructure.enableDb ? ['  enable_db: true'] : []),
    ...(roles.length === 0 ? [] : ['  aws:', ...roles]),
    ...scalingLines(infrastructure.scaling),
  ];
}

function scalingLines(scaling: ScalingConfig | undefined): string[] {
  if (scaling === undefined) return [];
  return [
    '  scaling:',
    `    min_replicas: ${scaling.minReplicas}`,
    `    max_replicas: ${scaling.maxReplicas}`,
    ...line('    target_cpu_percent', scaling.targetCpuPercent),
    ...line('    target_network_mib_per_second', scaling.targetNetworkMibPerSecond),
  ];
}

function line(key: string, value: string | number | undefined): string[] {
  return value === undefined ? [] : [`${key}: ${value}`];
}

function mapLines(key: string, values: Readonly<Record<string, string>>, indent: string): string[] {
  const entries = Object.entries(values);
  if (entries.length === 0) return [];
  return [`${indent}${key}:`, ...entries.map(([name, value]) => `${indent}  ${yamlText(name)}: ${yamlQuoted(value)}`)];
}
