// Rules for paths in the file: one plain spelling for each path, so that what is matched is what was read.
import type { Complaint } from '../field.ts';
import { shorten } from '../shorten.ts';

/** Regular expression of a plain absolute path, for editors. */
export const pathPattern = "^/[A-Za-z0-9\\-._~!$&'()+,=:@/]*$";

const example = 'an absolute path, such as /mcp';

/** Refuses what is not an absolute path in its one plain spelling (RFC 3986 section 3.3, without escapes and parameters). */
export function checkPath(path: string): Complaint | undefined {
  if (path === '') return { message: 'is empty.', expected: example };
  if (/^https?:\/\//i.test(path)) return { message: 'must be a path, not a whole address.', suggestion: pathOfUrl(path) };
  if (path.length > 512) return { message: `is ${path.length} characters long; at most 512 are allowed.` };
  const problem = spelling(path);
  if (problem !== undefined) return { message: problem, suggestion: trimmed(path) };
  if (!path.startsWith('/')) return { message: 'must begin with a slash.', expected: example, suggestion: `/${path}` };
  return segments(path);
}

/** The path without the white space around it, where that is all that is wrong. */
function trimmed(path: string): string | undefined {
  const inner = path.trim();
  return inner !== path && inner !== '' && checkPath(inner) === undefined ? inner : undefined;
}

function spelling(path: string): string | undefined {
  if (path.includes('?')) return 'cannot have a query (`?`).';
  if (path.includes('#')) return 'cannot have a fragment (`#`).';
  if (path.includes('%')) return 'cannot have percent escapes: they would give one path several spellings.';
  if (path.includes(';')) return 'cannot have path parameters (`;`).';
  if (path.includes('\\')) return 'cannot have a backslash.';
  if (path.includes('*')) return 'can have `*` only as a trailing `/*` of an exposed route.';
  const strange = /[^A-Za-z0-9\-._~!$&'()+,=:@/]/u.exec(path);
  if (strange === null) return undefined;
  return /\s/.test(strange[0]) ? 'cannot have spaces.' : `cannot have the character ${JSON.stringify(shorten(strange[0], 4))}.`;
}

function segments(path: string): Complaint | undefined {
  if (path.includes('//')) return { message: 'cannot have two slashes in a row.', suggestion: path.replace(/\/{2,}/g, '/') };
  const dotted = path.split('/').some((segment) => segment === '.' || segment === '..');
  return dotted ? { message: 'cannot have `.` or `..` as a segment.', suggestion: new URL(path, 'http://_').pathname } : undefined;
}

function pathOfUrl(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).pathname : undefined;
}

/** Refuses what is not a route to expose: an exact path, or all paths below one with a trailing `/*`. */
export function checkRoute(route: string): Complaint | undefined {
  const base = route.endsWith('/*') ? route.slice(0, -2) : route;
  if (base === '' || base === '/') return route === '' ? checkPath(route) : { message: wholeService, hint: nameRoutes };
  const complaint = checkPath(base);
  return complaint === undefined || complaint.suggestion === undefined || base === route
    ? complaint
    : { ...complaint, suggestion: `${complaint.suggestion}/*` };
}

const wholeService = 'cannot expose the whole service without authentication.';
const nameRoutes = 'Name the OAuth routes one by one, such as /authorize and /token.';

/** Whether a route would expose the MCP endpoint. Case and a trailing slash are no difference: many frameworks ignore them. */
export function exposesMcp(route: string, mcpPath: string): boolean {
  const mcp = bare(mcpPath);
  if (!route.endsWith('/*')) return bare(route) === mcp;
  const base = bare(route.slice(0, -2));
  return mcp === base || mcp.startsWith(`${base}/`);
}

function bare(path: string): string {
  return path.toLowerCase().replace(/\/+$/, '');
}
