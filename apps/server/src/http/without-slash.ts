// Routes as the router must know them: it cuts the slash off a request's path, not off a route's.

/** The same route without a slash at the end of its path. The contract keeps it: published clients send it. */
export function withoutSlash<Path extends string, Route extends { readonly path: `${Path}/` }>(
  route: Route,
): Omit<Route, 'path'> & { path: Path } {
  return { ...route, path: route.path.slice(0, -1) as Path };
}
