// The page on which a person decides, and what follows from the answer.
import type { RequestHandler, Response } from 'express';
import type { Authorizations, ConsentRequest } from './authorizations.ts';

/** What the page shows. */
export interface ConsentPage {
  /** Stands for the request; unguessable and good for one answer, so the form needs no cookie. */
  readonly secret: string;
  readonly clientName: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
}

/** Sends the page. The platform puts it in a sandbox of its own origin: no cookie, no storage, a form that works. */
export function sendConsentPage(response: Response, page: ConsentPage): void {
  response.set({
    'Cache-Control': 'no-store',
    // No `form-action`: browsers hold it against the redirect that follows too.
    'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'Referrer-Policy': 'no-referrer',
  });
  response.type('html').send(consentPage(page));
}

/** Takes the answer to the page and sends the browser back to the client. */
export function consentHandler(authorizations: Authorizations, issuer: string): RequestHandler {
  return (request, response) => {
    const { secret, name, decision } = request.body as Record<string, unknown>;
    const asked = typeof secret === 'string' ? authorizations.decide(secret) : undefined;
    response.set('Cache-Control', 'no-store');
    if (asked === undefined) {
      response.status(400).type('text').send('This page is too old. Start again from your MCP client.\n');
      return;
    }
    const person = typeof name === 'string' ? name.trim().slice(0, 100) : '';
    const allowed = decision === 'allow' && person !== '';
    response.redirect(
      303,
      answerAddress(asked, issuer, allowed ? { code: authorizations.allow(asked, person) } : { error: 'access_denied' }),
    );
  };
}

/** With `iss`, so that no other server's answer is taken for ours (RFC 9207). */
function answerAddress({ redirectUri, state }: ConsentRequest, issuer: string, answer: Readonly<Record<string, string>>): string {
  const address = new URL(redirectUri);
  for (const [name, value] of Object.entries({ ...answer, ...(state === undefined ? {} : { state }), iss: issuer }))
    address.searchParams.set(name, value);
  return address.href;
}

/** The form's action is relative: it stays below the deployment URL. A server of your own asks for a sign-in here. */
function consentPage({ secret, clientName, redirectUri, scopes }: ConsentPage): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Allow ${escape(clientName)}?</title>
<style>body { font: 1rem/1.5 system-ui; max-width: 30rem; margin: 4rem auto; padding: 0 1rem } input, button { font: inherit; padding: .25rem .75rem }</style>
<h1>Allow ${escape(clientName)}?</h1>
<p>It asks for <strong>${escape(scopes.join(', '))}</strong> and goes on at ${escape(new URL(redirectUri).host)}.</p>
<form method="post" action="consent">
<input type="hidden" name="secret" value="${secret}">
<p><label>Your name <input name="name" maxlength="100" autocomplete="name" autofocus></label></p>
<p><button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button></p>
</form>
</html>
`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
