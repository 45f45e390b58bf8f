"""FastAPI: who calls, as a dependency. See the end for its use."""

from collections.abc import Callable

import jwt
from fastapi import HTTPException, Request

from identity import HEADER, IdentityVerifier


def identity_of(verifier: IdentityVerifier) -> Callable[[Request], dict]:
    """A dependency that gives the verified claims, or answers 401 (503 while the platform's keys cannot be fetched)."""

    # Not async: FastAPI then calls it in a thread, where a fetch of the keys holds nobody up.
    def identity(request: Request) -> dict:
        try:
            return verifier.verify_headers(request.headers.getlist(HEADER))
        except jwt.PyJWKClientConnectionError as error:
            raise HTTPException(503, str(error)) from None
        except jwt.PyJWTError as error:
            raise HTTPException(401, str(error)) from None

    return identity


# verifier = IdentityVerifier(os.environ["RUNLAYER_URL"], os.environ["RUNLAYER_SERVER_ID"], os.environ.get("RUNLAYER_IDENTITY_JWKS_URL"))
# Caller = Annotated[dict, Depends(identity_of(verifier))]
#
# @app.get("/notes")
# def notes(caller: Caller):
#     return {"owner": caller["sub"]}
