"""FastMCP 2 and later: who calls. An ASGI middleware, so it fits any server that is an ASGI application. See the end for its use."""

import asyncio

import jwt
from fastmcp.server.dependencies import get_http_request
from starlette.datastructures import Headers
from starlette.responses import JSONResponse

from identity import HEADER, IdentityVerifier


class RequireIdentity:
    """Answers 401 to a request without a valid token (503 while the platform's keys cannot be fetched); the others carry their claims."""

    def __init__(self, app, verifier: IdentityVerifier):
        self.app = app
        self.verifier = verifier

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        try:
            values = Headers(scope=scope).getlist(HEADER)
            scope["runlayer.identity"] = await asyncio.to_thread(self.verifier.verify_headers, values)
        except jwt.PyJWTError as error:
            status = 503 if isinstance(error, jwt.PyJWKClientConnectionError) else 401
            return await JSONResponse({"error": str(error)}, status)(scope, receive, send)
        await self.app(scope, receive, send)


def caller() -> dict:
    """The verified claims of the request that a tool, resource or prompt answers."""
    return get_http_request().scope["runlayer.identity"]


# server = FastMCP("notes")
#
# @server.tool
# def whoami() -> str:
#     return caller()["sub"]
#
# verifier = IdentityVerifier(os.environ["RUNLAYER_URL"], os.environ["RUNLAYER_SERVER_ID"], os.environ.get("RUNLAYER_IDENTITY_JWKS_URL"))
# app = server.http_app(middleware=[Middleware(RequireIdentity, verifier=verifier)])  # starlette.middleware.Middleware
# uvicorn.run(app)
