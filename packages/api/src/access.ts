// Who may call a route: three roles, kept with each route as data.

/** `admin`: everything. `member`: reads, and calls through the proxy. `deploy`: deployments only, for pipelines. */
export const roles = ['admin', 'member', 'deploy'] as const;

/** A role of a principal. */
export type Role = (typeof roles)[number];

/** `public`: no credential is asked for. */
export type Access = readonly Role[] | 'public';

/** Name of the OpenAPI extension that carries the roles of an operation. */
export const rolesExtension = 'x-runlayer-roles';

/** The part of a route that says who may call it, for people (`security`) and for the server (the extension). */
export function allow(access: Access): { security: Record<string, string[]>[]; 'x-runlayer-roles': Access } {
  return { security: access === 'public' ? [] : [{ apiKey: [] }, { bearer: [] }], [rolesExtension]: access };
}

/** Any role. */
export const everyone: Access = [...roles];
/** Admins and deploy keys. */
export const deployers: Access = ['admin', 'deploy'];
/** Admins and members. */
export const readers: Access = ['admin', 'member'];
/** Admins. */
export const admins: Access = ['admin'];
