// The settings of an engine that must not touch another one on the same machine.
import { join } from 'node:path';

/** What the settings depend on. */
export interface EngineSurroundings {
  /** The engine's own folder: everything it writes lies below it. */
  readonly folder: string;
  /** Another engine lives on this machine. */
  readonly neighbour: boolean;
  /** Firewall rules could not be set on an earlier try. */
  readonly withoutFirewall: boolean;
  /** A number that tells this engine from others, 0–99. */
  readonly seat: number;
}

/** Where the engine listens. */
export function socketOf(folder: string): string {
  return join(folder, 'docker.sock');
}

/** The command line of `dockerd`. */
export function engineArguments(where: EngineSurroundings): string[] {
  const { folder } = where;
  const name = `runlayer-${where.seat}-${folder.slice(-6)}`;
  return [
    `--config-file=${join(folder, 'daemon.json')}`,
    `--host=unix://${socketOf(folder)}`,
    `--data-root=${join(folder, 'data')}`,
    `--exec-root=${join(folder, 'exec')}`,
    `--pidfile=${join(folder, 'dockerd.pid')}`,
    // A containerd that the system runs is shared; a namespace keeps the two engines' containers apart.
    `--containerd-namespace=${name}`,
    `--containerd-plugins-namespace=${name}-plugins`,
    '--shutdown-timeout=5',
    ...networkArguments(where),
  ];
}

/** With a neighbour the bridge docker0 is shared: its addresses are split, and its firewall rules, which a start would flush, stay as they are. */
function networkArguments({ neighbour, withoutFirewall, seat }: EngineSurroundings): string[] {
  const firewall = neighbour || withoutFirewall ? ['--iptables=false', '--ip6tables=false'] : [];
  return neighbour ? [...firewall, `--fixed-cidr=172.17.${100 + seat}.0/24`] : firewall;
}

// What a person set for their engine because of their network, and this engine needs too.
const kept = ['registry-mirrors', 'insecure-registries', 'dns', 'dns-opts', 'dns-search', 'proxies', 'mtu', 'default-address-pools'];

/** The engine's `daemon.json`, given the text of the system's. */
export function engineConfiguration(systemConfiguration: string): Record<string, unknown> {
  const theirs = parseObject(systemConfiguration);
  const inherited = Object.entries(theirs).filter(([key]) => kept.includes(key));
  // The containerd image store would leave the images outside our folder.
  return { ...Object.fromEntries(inherited), features: { buildkit: true, 'containerd-snapshotter': false } };
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
