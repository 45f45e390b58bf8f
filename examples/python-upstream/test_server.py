"""The tool of the server, as the SDK calls it: `python -m unittest`."""

import json
import os
import types
import unittest
from unittest import mock

from mcp.server.mcpserver.exceptions import ToolError
from starlette.datastructures import Headers

from test_identity import TOKENS, FixedTime

with mock.patch.dict(os.environ, RUNLAYER_URL=TOKENS["issuer"], RUNLAYER_SERVER_ID=TOKENS["serverId"]):
    import server


class WhoAmI(unittest.TestCase):
    def tell(self, *tokens: str) -> dict:
        headers = Headers(raw=[(b"x-runlayer-identity-token", token.encode()) for token in tokens])
        keys = json.dumps(TOKENS["jwks"]).encode()
        with mock.patch("identity_keys.fetch", return_value=keys), mock.patch("jwt.api_jwt.datetime", FixedTime):
            return server.whoami(types.SimpleNamespace(headers=headers))

    def test_one_token_tells_who_calls(self):
        vector = TOKENS["good"][0]
        told = self.tell(vector["token"])
        self.assertEqual({field: value for field, value in told.items() if value is not None}, vector["subject"])

    def test_no_token_and_two_tokens_are_refused(self):
        token = TOKENS["good"][0]["token"]
        for tokens in ((), (token, token), (token, "x")):
            with self.subTest(len(tokens)), self.assertRaises(ToolError):
                self.tell(*tokens)


if __name__ == "__main__":
    unittest.main()
