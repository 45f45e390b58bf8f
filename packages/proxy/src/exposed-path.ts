// Which paths below a hosted URL need no authentication.

/**
 * Whether `service.expose` opens a path. Entries are compared whole and with their case; one that ends in `/*` opens everything
 * below it. An entry that would take in the MCP endpoint (in any case, with or without a slash at its end) opens nothing at all:
 * validation refuses it, and what was stored before is no way around that. The root is never open.
 *
 * @param path the plain path below the hosted URL, as `plainPath` reads it
 */
export function isExposed(path: string, expose: readonly string[], mcpPath: string): boolean {
  if (path === '' || path === '/') return false;
  return expose.some((entry) => opens(entry, path) && !opensMcp(entry, mcpPath));
}

function opens(entry: string, path: string): boolean {
  return entry.endsWith('/*') ? path.length >= entry.length && path.startsWith(entry.slice(0, -1)) : path === entry;
}

function opensMcp(entry: string, mcpPath: string): boolean {
  const mcp = bare(mcpPath);
  return entry.endsWith('/*') ? `${mcp}/`.startsWith(entry.slice(0, -1).toLowerCase()) : bare(entry) === mcp;
}

/** Many frameworks ignore case and a slash at the end. */
function bare(path: string): string {
  const lower = path.toLowerCase();
  return lower.endsWith('/') ? lower.slice(0, -1) : lower;
}
