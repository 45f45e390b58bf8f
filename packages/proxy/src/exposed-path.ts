// Which paths below a hosted URL need no authentication.

/**
 * Whether `service.expose` opens a path. Entries are compared whole and with their case; one that ends in `/*` opens everything
 * below it. The root and the MCP endpoint are never open, whatever the list says.
 *
 * @param path the plain path below the hosted URL, as `plainPath` reads it
 */
export function isExposed(path: string, expose: readonly string[], mcpPath: string): boolean {
  if (expose.length === 0 || path === '' || path === '/') return false;
  if (path === mcpPath || (path.endsWith('/') && path.slice(0, -1) === mcpPath)) return false;
  return expose.some((entry) =>
    entry.endsWith('/*') ? path.length >= entry.length && path.startsWith(entry.slice(0, -1)) : path === entry,
  );
}
