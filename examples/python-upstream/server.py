"""An MCP server that says who calls it, to be registered by its URL."""

import os

import jwt
from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError

from identity import HEADER, IdentityVerifier

verifier = IdentityVerifier(
    issuer=os.environ["RUNLAYER_URL"],
    server_id=os.environ["RUNLAYER_SERVER_ID"],
    jwks_url=os.environ.get("RUNLAYER_IDENTITY_JWKS_URL"),
)
server = MCPServer("python-upstream")


@server.tool()
def whoami(ctx: Context) -> dict:
    """Says who calls, as the platform signed it."""
    try:
        claims = verifier.verify_headers([value for name, value in (ctx.headers or {}).items() if name == HEADER])
    except jwt.PyJWTError as error:
        raise ToolError(f"{type(error).__name__}: {error}") from error
    return {
        "subjectType": claims["subject_type"],
        "organizationId": claims["organization_id"],
        "userId": claims.get("user_id"),
        "userEmail": claims.get("user_email"),
        "agentId": claims.get("agent_id"),
        "agentName": claims.get("agent_name"),
    }


if __name__ == "__main__":
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    server.run("streamable-http", host=host, port=port, stateless_http=True)
