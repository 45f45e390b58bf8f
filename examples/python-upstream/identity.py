"""Checks the signed identity token that the platform adds to each request. Take this file and identity_keys.py."""

import base64
import json
import unicodedata
from collections.abc import Sequence

import jwt

from identity_keys import PlatformKeys

HEADER = "x-runlayer-identity-token"
HEADER_MEMBERS = {"alg", "kid", "typ"}
REQUIRED = ["iss", "aud", "iat", "exp", "jti", "sub", "subject_type", "organization_id"]
USER, AGENT = {"user_id", "user_email"}, {"agent_id", "agent_name"}
CLAIMS_OF = {"user": USER, "agent": AGENT, "obo": USER | AGENT}
LONGEST = {"user_email": 320, "agent_name": 1024}
LONGEST_TOKEN = 8192


class IdentityVerifier:
    """Make one and keep it: it holds the platform's keys."""

    def __init__(self, issuer: str, server_id: str, jwks_url: str | None = None):
        self.issuer = issuer
        self.audience = f"runlayer:identity-forward:{server_id}"
        self.keys = PlatformKeys(jwks_url or f"{issuer}/.well-known/runlayer-identity-forward.jwks.json")

    def verify_headers(self, values: Sequence[str]) -> dict:
        """As `verify`, from every value of the header: a second one was added on the way."""
        if len(values) != 1:
            raise jwt.InvalidTokenError("The identity token is missing or came more than once.")
        return self.verify(values[0])

    def verify(self, token: str | None) -> dict:
        """The claims of a token; raises jwt.PyJWTError for one that is not wholly right."""
        header = check_form(token)
        claims = jwt.decode(
            token,
            self.keys.get_signing_key(header.get("kid")).key,
            algorithms=["EdDSA"],
            issuer=self.issuer,
            audience=self.audience,
            leeway=30,
            options={"require": REQUIRED, "strict_aud": True},
        )
        return claims


def check_form(token: str | None) -> dict:
    """What PyJWT leaves open, before any key is looked for: one spelling, known header members, claims that agree. Returns the header."""
    if not isinstance(token, str) or not 0 < len(token) <= LONGEST_TOKEN or token.count(".") != 2:
        raise jwt.InvalidTokenError("The identity token is missing, too large or malformed.")
    header, payload, signature = token.split(".")
    try:
        members, claims = read_object(decode(header)), read_object(decode(payload))
        decode(signature)
    except (ValueError, RecursionError):
        raise jwt.InvalidTokenError("The identity token is malformed.") from None
    if not members.keys() <= HEADER_MEMBERS or members.get("alg") != "EdDSA" or members.get("typ", "JWT") != "JWT":
        raise jwt.InvalidTokenError("The header of the identity token is refused.")
    check_claims(claims)
    return members


def check_claims(claims: dict) -> None:
    """Whole seconds, five minutes at most, ids that fit the subject type."""
    times = [claims.get(name, 0) for name in ("iat", "exp", "nbf")]
    if not all(type(time) is int and 0 <= time < 2**53 for time in times) or not 0 < times[1] - times[0] <= 300:
        raise jwt.InvalidTokenError("The identity token does not live five minutes or less.")
    kind = claims.get("subject_type")
    wanted = CLAIMS_OF.get(kind) if isinstance(kind, str) else None
    if wanted is None or (USER | AGENT) & claims.keys() != wanted:
        raise jwt.InvalidTokenError("The identity token names no known kind of subject.")
    if not all(is_text(claims.get(name), name) for name in ("jti", "organization_id", *wanted)):
        raise jwt.InvalidTokenError("A claim of the identity token is no text of its length.")
    if claims.get("sub") != claims.get("user_id", claims.get("agent_id")):
        raise jwt.InvalidTokenError("The identity token is not about its own subject.")


def is_text(value: object, name: str) -> bool:
    """A display name is free text. Anything else is something, and fit for one line. Lengths count UTF-16 units, as the platform does."""
    if not isinstance(value, str) or len(value.encode("utf-16-le", "surrogatepass")) > 2 * LONGEST.get(name, 128):
        return False
    if name == "jti":
        return value != "" and all("!" <= character <= "~" for character in value)
    if name == "agent_name":
        return True
    # JavaScript counts the byte order mark among the spaces.
    return value.replace("\ufeff", "").strip() != "" and not any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in value)


def decode(part: str) -> bytes:
    """Base64url in the one spelling that its bytes have."""
    raw = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    if base64.urlsafe_b64encode(raw).decode().rstrip("=") != part:
        raise ValueError("another spelling")
    return raw


def read_object(raw: bytes) -> dict:
    """A JSON object whose members have distinct names: Python keeps the last of two, others the first."""
    value = json.loads(raw.decode("utf-8"), object_pairs_hook=distinct, parse_constant=refuse)
    if not isinstance(value, dict):
        raise ValueError("no object")
    return value


def distinct(pairs: list) -> dict:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a member that stands twice")
    return value


def refuse(constant: str) -> None:
    """NaN and Infinity, which Python's reader takes and JSON does not have."""
    raise ValueError(constant)
