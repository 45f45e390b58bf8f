// What travels with a request through the middleware.
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Principal } from '@runlayer/control-plane';

/** Variables of one request. */
export interface RequestEnvironment {
  Variables: {
    /** UUID, also sent as `X-Request-ID`. */
    requestId: string;
    /** Set on every route that asks for a credential. */
    principal: Principal;
    /** Path of the contract that matched, such as `/api/v1/deployments/{id}`. */
    route: string;
  };
}

/** The application that handlers register on. */
export type App = OpenAPIHono<RequestEnvironment>;
