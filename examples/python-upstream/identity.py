"""Checks the signed identity token that the platform adds to each request."""

import jwt

HEADER = "x-runlayer-identity-token"
HEADER_MEMBERS = {"alg", "kid", "typ"}
REQUIRED = ["iss", "aud", "iat", "exp", "jti", "sub", "subject_type", "organization_id"]
USER, AGENT = {"user_id", "user_email"}, {"agent_id", "agent_name"}
LONGEST = {"user_email": 320, "agent_name": 1024}
CLAIMS_OF = {"user": USER, "agent": AGENT, "obo": USER | AGENT}


class IdentityVerifier:
    """Make one and keep it: it holds the platform's keys for `lifespan` seconds."""

    def __init__(self, issuer: str, server_id: str, jwks_url: str | None = None):
        self.issuer = issuer
        self.audience = f"runlayer:identity-forward:{server_id}"
        url = jwks_url or f"{issuer}/.well-known/runlayer-identity-forward.jwks.json"
        self.keys = jwt.PyJWKClient(url, lifespan=600, timeout=5)

    def verify(self, token: str | None) -> dict:
        """The claims of a token; raises jwt.PyJWTError for one that is not wholly right."""
        if not token or len(token) > 8192:
            raise jwt.InvalidTokenError("The identity token is missing or too large.")
        header = jwt.get_unverified_header(token)
        if not header.keys() <= HEADER_MEMBERS or header.get("typ", "JWT") != "JWT":
            raise jwt.InvalidTokenError("The header of the identity token is refused.")
        claims = jwt.decode(
            token,
            self.keys.get_signing_key(header.get("kid")).key,
            algorithms=["EdDSA"],
            issuer=self.issuer,
            audience=self.audience,
            leeway=30,
            options={"require": REQUIRED, "strict_aud": True},
        )
        check_claims(claims)
        return claims


def check_claims(claims: dict) -> None:
    """What PyJWT leaves open: whole seconds, five minutes at most, ids that fit the subject type."""
    issued, expires = claims["iat"], claims["exp"]
    if type(issued) is not int or type(expires) is not int or not 0 < expires - issued <= 300:
        raise jwt.InvalidTokenError("The identity token does not live five minutes or less.")
    wanted = CLAIMS_OF.get(claims["subject_type"]) if isinstance(claims["subject_type"], str) else None
    if wanted is None or (USER | AGENT) & claims.keys() != wanted:
        raise jwt.InvalidTokenError("The identity token names no known kind of subject.")
    if not all(is_text(claims[name], LONGEST.get(name, 128)) for name in ("jti", "organization_id", *wanted)):
        raise jwt.InvalidTokenError("A claim of the identity token is no text of its length.")
    if claims["sub"] != claims.get("user_id", claims.get("agent_id")):
        raise jwt.InvalidTokenError("The identity token is not about its own subject.")


def is_text(value: object, longest: int) -> bool:
    """A display name is free text; anything else is something, and fit for one line."""
    if longest == LONGEST["agent_name"]:
        return isinstance(value, str) and len(value) <= longest
    return isinstance(value, str) and 0 < len(value) <= longest and value.isprintable()
