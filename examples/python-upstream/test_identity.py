"""The platform's own test vectors against the recipe: `python -m unittest`."""

import datetime
import json
import pathlib
import unittest
from unittest import mock

import jwt

import identity_keys
from identity import IdentityVerifier

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "packages/identity-forward/vectors"
TOKENS, KEYS = (json.loads((FOLDER / f"{name}.json").read_text("utf-8")) for name in ("tokens", "keys"))
CLAIMS = {
    "subject_type": "subjectType",
    "organization_id": "organizationId",
    "user_id": "userId",
    "user_email": "userEmail",
    "agent_id": "agentId",
    "agent_name": "agentName",
}


class FixedTime(datetime.datetime):
    """The moment the vectors are made for."""

    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(TOKENS["now"], tz)


class Vectors(unittest.TestCase):
    def setUp(self):
        clock = mock.patch("jwt.api_jwt.datetime", FixedTime)
        clock.start()
        self.addCleanup(clock.stop)

    def verifier(self, jwks: object) -> IdentityVerifier:
        served = mock.patch.object(identity_keys, "fetch", return_value=json.dumps(jwks).encode())
        served.start()
        self.addCleanup(served.stop)
        return IdentityVerifier(TOKENS["issuer"], TOKENS["serverId"])

    def check(self, jwks: object, good: list, bad: list) -> None:
        verifier = self.verifier(jwks)
        for vector in good:
            with self.subTest(vector["name"]):
                claims = verifier.verify(vector["token"])
                self.assertEqual({field: claims[claim] for claim, field in CLAIMS.items() if claim in claims}, vector["subject"])
        for vector in bad:
            with self.subTest(f"{vector['attack']}: {vector['name']}"):
                with self.assertRaises(jwt.PyJWTError) as refused:
                    verifier.verify(vector["token"])
                unavailable = vector["code"] == "ERR_IDENTITY_KEYS_UNAVAILABLE"
                self.assertEqual(isinstance(refused.exception, jwt.PyJWKClientConnectionError), unavailable)

    def test_tokens(self):
        self.check(TOKENS["jwks"], TOKENS["good"], TOKENS["bad"])

    def test_key_sets(self):
        for key_set in KEYS["sets"]:
            with self.subTest(key_set["name"]):
                self.check(key_set["jwks"], key_set["good"], key_set["bad"])

    def test_every_value_of_the_header_is_asked_for(self):
        verifier, token = self.verifier(TOKENS["jwks"]), TOKENS["good"][0]["token"]
        self.assertEqual(verifier.verify_headers([token])["iss"], TOKENS["issuer"])
        for values in ([], [token, token], [token, "x"], ["x", token], [f"{token}, {token}"]):
            with self.assertRaises(jwt.InvalidTokenError):
                verifier.verify_headers(values)


if __name__ == "__main__":
    unittest.main()
