// `runlayer login`: saves a key that the server has recognised.
import { Option } from 'clipanion';
import { BaseCommand } from './base-command.ts';

export class LoginCommand extends BaseCommand {
  static override paths = [['login']];
  static override usage = BaseCommand.Usage({
    description: 'Save the address of a platform and an API key for it.',
    details:
      'The key is checked first, then written to `~/.runlayer/config.yaml`, which only you can read. The host becomes the default one.',
    examples: [
      ['Ask for the key', '$0 login --host https://runlayer.example.com'],
      ['Take the key from a variable', '$0 login --host https://runlayer.example.com --secret "$KEY"'],
    ],
  });

  host = Option.String('-H,--host', { description: 'Address of the platform (default: RUNLAYER_HOST, else the saved one)' });
  secret = Option.String('-s,--secret', { description: 'API key (default: asked for)' });

  async execute(): Promise<void> {
    const { login } = await import('../connection/login.ts');
    const { host, me, file } = await login({ host: this.host, key: this.secret }, this.context, this.report);
    const who = me.email ?? me.name;
    this.report.result({ host, user: me, file }, `Logged in to ${host} as ${who} (${me.role}). The key is saved in ${file}.`);
  }
}
