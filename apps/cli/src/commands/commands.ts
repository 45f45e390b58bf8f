// Which commands a command line may mean: only they are loaded, because start-up time is felt at each call.
import type { CommandClass } from 'clipanion';
import type { CommandContext } from '../context.ts';

type Loader = () => Promise<CommandClass<CommandContext>>;

const top: Readonly<Record<string, Loader>> = {
  login: async () => (await import('./login.ts')).LoginCommand,
  logout: async () => (await import('./logout.ts')).LogoutCommand,
  doctor: async () => (await import('./doctor/aws.ts')).DoctorAwsCommand,
};

const deploy = async (): Promise<CommandClass<CommandContext>> => (await import('./deploy/deploy.ts')).DeployCommand;

const belowDeploy: Readonly<Record<string, Loader>> = {
  init: async () => (await import('./deploy/init.ts')).InitCommand,
  validate: async () => (await import('./deploy/validate.ts')).ValidateCommand,
  pull: async () => (await import('./deploy/pull.ts')).PullCommand,
  watch: async () => (await import('./deploy/watch.ts')).WatchCommand,
  destroy: async () => (await import('./deploy/destroy.ts')).DestroyCommand,
};

/** The commands to choose from: one where the arguments begin with its name, else all. */
export async function commandsFor([first = '', second]: readonly string[]): Promise<CommandClass<CommandContext>[]> {
  const only = first === 'deploy' ? loaderBelowDeploy(second) : top[first];
  if (only !== undefined) return [await only()];
  const all = await Promise.all([deploy, ...Object.values(belowDeploy), ...Object.values(top)].map((load) => load()));
  const { Builtins } = await import('clipanion');
  return [...all, Builtins.HelpCommand, Builtins.VersionCommand];
}

function loaderBelowDeploy(second: string | undefined): Loader | undefined {
  return second === undefined || second === '--help' || second === '-h' ? deploy : belowDeploy[second];
}
