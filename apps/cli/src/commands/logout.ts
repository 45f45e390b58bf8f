// `runlayer logout`: forgets saved keys. The keys themselves stay valid.
import { Option } from 'clipanion';
import { BaseCommand } from './base-command.ts';

export class LogoutCommand extends BaseCommand {
  static override paths = [['logout']];
  static override usage = BaseCommand.Usage({
    description: 'Forget the saved key of a host, or of all hosts.',
    details: 'Nothing is sent: revoke a key in the platform to make it invalid.',
    examples: [
      ['Forget one host', '$0 logout --host https://runlayer.example.com'],
      ['Forget every host', '$0 logout'],
    ],
  });

  host = Option.String('-H,--host', { description: 'Address of the platform (default: all that are saved)' });

  async execute(): Promise<void> {
    const { logout } = await import('../connection/login.ts');
    const forgotten = await logout(this.host, this.context.home);
    this.report.result({ hosts: forgotten }, forgotten.length === 0 ? 'No login was saved.' : `Logged out of ${forgotten.join(', ')}.`);
  }
}
