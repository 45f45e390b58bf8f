// Decides, from facts alone, which Docker engine a command gets.
import type { Facts } from './facts.ts';

/** What to do next. */
export type Choice =
  /** An engine runs: use it, and never stop it. */
  | { readonly kind: 'use'; readonly host: string }
  /** Start the installed `dockerd`, and stop it at the end. */
  | { readonly kind: 'start'; readonly dockerd: string }
  /** Install Docker with apt, then look again. */
  | { readonly kind: 'install'; readonly ask: boolean }
  /** There is none. The sentence says what a person can do about it. */
  | { readonly kind: 'none'; readonly sentence: string };

/** The choice for a machine of which these facts hold. */
export function chooseEngine(facts: Facts): Choice {
  if (facts.probe.host !== undefined) return { kind: 'use', host: facts.probe.host };
  const obstacle = obstacleOf(facts);
  if (obstacle !== undefined) return { kind: 'none', sentence: obstacle };
  if (facts.dockerd !== undefined) return { kind: 'start', dockerd: facts.dockerd };
  if (!facts.debian)
    return { kind: 'none', sentence: 'Docker is needed: install it as https://docs.docker.com/engine/install/ says, then try again.' };
  if (facts.optional && !facts.ci) return { kind: 'none', sentence: 'Docker is not installed: `apt-get install docker.io` brings it.' };
  return { kind: 'install', ask: facts.terminal && !facts.ci };
}

/** Why nothing can be started or installed by us here, if so. */
function obstacleOf(facts: Facts): string | undefined {
  if (facts.dockerHost !== undefined)
    return `No Docker engine answers at DOCKER_HOST=${facts.dockerHost}: start it, or unset DOCKER_HOST, then try again.`;
  if (facts.probe.forbidden !== undefined) {
    return `A Docker engine listens on ${facts.probe.forbidden}, but you may not use it: run \`sudo usermod -aG docker $USER\`, log in again, then try again.`;
  }
  if (facts.system !== 'linux')
    return 'Docker is needed: install Docker Desktop (https://www.docker.com/products/docker-desktop/), start it, then try again.';
  if (facts.root) return undefined;
  if (facts.dockerd !== undefined)
    return 'Docker is installed but not running: start it with `sudo systemctl start docker`, then try again.';
  if (facts.debian)
    return 'Docker is needed: install it with `sudo apt-get install docker.io`, run `sudo usermod -aG docker $USER`, log in again, then try again.';
  return 'Docker is needed: install it as https://docs.docker.com/engine/install/ says, then try again.';
}
