// The MCP server: three tools, each of which first learns who calls from the signed identity token.
import { McpServer } from '@modelcontextprotocol/server';
import type { CallToolResult } from '@modelcontextprotocol/server';
import { isIdentityError } from '@runlayer/identity-forward/verify';
import type { VerifiedIdentity, Verifier } from '@runlayer/identity-forward/verify';
import { z } from 'zod';
import { longestNote, ownerOf } from './notes.ts';
import type { Notes } from './notes.ts';

/** What the tools work with. */
export interface Parts {
  readonly verifier: Verifier;
  readonly notes: Notes;
  readonly greeting: string;
}

/** A server for one request with these headers. */
export function createNotesServer({ verifier, notes, greeting }: Parts, headers: Headers): McpServer {
  const server = new McpServer({ name: 'notes', version: '1.0.0' });

  async function asCaller(work: (caller: VerifiedIdentity) => Record<string, unknown>): Promise<CallToolResult> {
    try {
      const result = work(await verifier.verifyRequest(headers));
      return { content: [{ type: 'text', text: JSON.stringify(result) }], structuredContent: result };
    } catch (error) {
      return { isError: true, content: [{ type: 'text', text: refusal(error) }] };
    }
  }

  server.registerTool('whoami', { description: 'Says who calls, as the platform signed it.' }, () =>
    asCaller(({ claims, ...subject }) => ({ greeting: `${greeting}, ${nameOf(subject)}!`, ...subject, tokenId: claims.jti })),
  );
  server.registerTool('list_notes', { description: 'Lists your notes, oldest first.' }, () =>
    asCaller((caller) => ({ notes: notes.of(ownerOf(caller)) })),
  );
  server.registerTool(
    'add_note',
    { description: 'Keeps a note for you.', inputSchema: z.object({ text: z.string().min(1).max(longestNote) }) },
    ({ text }) => asCaller((caller) => ({ count: notes.add(ownerOf(caller), text) })),
  );
  return server;
}

/** The code and the reason: enough for the caller's operator, and no part of the token. */
function refusal(error: unknown): string {
  if (!isIdentityError(error)) throw error;
  return `${error.code}: ${error.message} ${error.hint}`;
}

function nameOf(subject: Pick<VerifiedIdentity, 'subjectType'> & { readonly userEmail?: string; readonly agentName?: string }): string {
  if (subject.subjectType === 'obo') return `${subject.agentName} on behalf of ${subject.userEmail}`;
  return subject.userEmail ?? subject.agentName ?? '';
}
