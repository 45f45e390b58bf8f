// What commands share that talk to a server.
import type { RunlayerClient } from '@runlayer/api/client';
import { Option } from 'clipanion';
import { BaseCommand } from './base-command.ts';

/** A command with `--host` and `--secret`. */
export abstract class ConnectedCommand extends BaseCommand {
  host = Option.String('-H,--host', { description: 'Address of the platform (default: RUNLAYER_HOST, else the saved one)' });
  secret = Option.String('-s,--secret', { description: 'API key (default: RUNLAYER_API_KEY, else the one saved for the host)' });

  protected async connect(): Promise<RunlayerClient> {
    const { connect } = await import('../connection/connect.ts');
    return await connect({ host: this.host, key: this.secret }, this.context, this.report);
  }
}
