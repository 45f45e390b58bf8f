"""The keys over real HTTP, with a clock that the test moves: `python -m unittest`."""

import http.server
import json
import socket
import threading
import time
import unittest
from unittest import mock

import jwt

from identity_keys import COOLDOWN, FRESH, STALE, PlatformKeys
from test_identity import KEYS

NEXT, CURRENT, RETIRED = KEYS["sets"][0]["jwks"]["keys"]
JUNK = "A" * 43


class Platform(http.server.ThreadingHTTPServer):
    """Publishes `keys`, or answers whatever a test puts into `answer`."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.keys, self.answer, self.fetches = [CURRENT], None, 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/jwks.json"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.fetches += 1
        status, headers, body = self.server.answer or (200, {}, json.dumps({"keys": self.server.keys}).encode())
        self.send_response(status)
        for name, value in {"content-length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            pass  # it hung up, as it should where the answer is too long

    def log_message(self, *_):
        pass


class KeysOverHttp(unittest.TestCase):
    def setUp(self):
        self.platform, self.now = Platform(), 1000.0
        self.addCleanup(self.platform.server_close)
        self.addCleanup(self.platform.shutdown)
        self.keys = PlatformKeys(self.platform.url, clock=lambda: self.now)

    def refused(self, kid: str, error: type = jwt.InvalidTokenError):
        with self.assertRaises(error):
            self.keys.get_signing_key(kid)

    def test_a_set_is_fetched_once_while_it_is_fresh(self):
        for _ in range(50):
            self.keys.get_signing_key(CURRENT["kid"])
        self.now += FRESH - 1
        self.keys.get_signing_key(CURRENT["kid"])
        self.assertEqual(self.platform.fetches, 1)

    def test_a_rotation_is_seen(self):
        self.keys.get_signing_key(CURRENT["kid"])
        self.platform.keys = [NEXT, CURRENT]
        self.now += COOLDOWN
        self.keys.get_signing_key(NEXT["kid"])
        self.platform.keys = [NEXT]
        self.now += FRESH
        self.refused(CURRENT["kid"])

    def test_junk_kids_do_not_hammer(self):
        self.keys.get_signing_key(CURRENT["kid"])
        for second in range(90):
            self.now += 1
            for number in range(10):
                self.refused(f"{JUNK[:-3]}{second:02}{number}")
            self.keys.get_signing_key(CURRENT["kid"])
        self.assertLessEqual(self.platform.fetches, 4)

    def test_an_outage_is_survived_up_to_the_limit(self):
        self.keys.get_signing_key(CURRENT["kid"])
        self.platform.answer = (500, {}, b"")
        for _ in range(STALE - 1):
            self.now += 1
            self.keys.get_signing_key(CURRENT["kid"])
        # Every 30 s at most, once the address is known to be down.
        self.assertLess(self.platform.fetches, 1 + 5 + (STALE - FRESH) / COOLDOWN + 1)
        self.now += 1
        self.refused(CURRENT["kid"], jwt.PyJWKClientConnectionError)
        self.platform.answer = None
        self.now += COOLDOWN
        self.keys.get_signing_key(CURRENT["kid"])

    def test_a_server_that_was_never_reached_is_tried_with_pauses(self):
        self.platform.answer = (503, {}, b"")
        for _ in range(60):
            self.now += 1
            self.refused(CURRENT["kid"], jwt.PyJWKClientConnectionError)
        self.assertLess(self.platform.fetches, 9)

    def test_strange_answers_are_no_key_set(self):
        good = json.dumps({"keys": [CURRENT]}).encode()
        other = Platform()
        self.addCleanup(other.server_close)
        self.addCleanup(other.shutdown)
        answers = {
            "a redirect": (302, {"location": other.url}, good),
            "an error with keys": (404, {}, good),
            "a page": (200, {"content-type": "text/html"}, b"<!doctype html>"),
            "ten megabytes": (200, {}, good + b" " * 10_000_000),
            "too many keys": (200, {}, json.dumps({"keys": [CURRENT] * 65}).encode()),
            "an answer cut short": (200, {"content-length": "99999"}, good),
            "nesting without end": (200, {}, b"[" * 60_000),
        }
        for name, answer in answers.items():
            with self.subTest(name):
                self.platform.answer = answer
                self.keys = PlatformKeys(self.platform.url)
                self.refused(CURRENT["kid"], jwt.PyJWKClientConnectionError)
        self.assertEqual(other.fetches, 0)

    def test_whoever_answers_byte_by_byte_is_cut_off(self):
        head = "HTTP/1.1 200 OK\r\n"
        drips = {
            "a header without end": (head + "X: ", "a"),
            "headers without end": (head, "X: a\r\n"),
            "answers to come": ("", "HTTP/1.1 100 Continue\r\n\r\n"),
            "a body": (head + "Content-Length: 60000\r\n\r\n", " "),
            "a body without a length": (head + "\r\n" + json.dumps({"keys": [CURRENT]}), " "),
        }
        for name, (first, again) in drips.items():
            with self.subTest(name), mock.patch("identity_keys.TIMEOUT", 0.5), socket.create_server(("127.0.0.1", 0)) as server:
                threading.Thread(target=drip, args=(server, first.encode(), again.encode()), daemon=True).start()
                self.keys = PlatformKeys(f"http://127.0.0.1:{server.getsockname()[1]}/")
                started = time.monotonic()
                self.refused(CURRENT["kid"], jwt.PyJWKClientConnectionError)
                self.assertLess(time.monotonic() - started, 5)

    def test_only_https_or_this_machine(self):
        for url in ("http://runlayer.example/jwks", "https://u:p@runlayer.example/jwks", "file:///etc/passwd", "ftp://127.0.0.1/x", "jwks"):
            with self.subTest(url), self.assertRaises(ValueError):
                PlatformKeys(url)


def drip(server: socket.socket, first: bytes, again: bytes) -> None:
    """Answers one request, never too slow for a single read, for eight seconds or until it is hung up on."""
    connection, _ = server.accept()
    with connection:
        connection.recv(65_536)
        try:
            connection.sendall(first)
            for _ in range(160):
                connection.sendall(again)
                time.sleep(0.05)
        except OSError:
            pass


if __name__ == "__main__":
    unittest.main()
