"""The platform's published keys: fetched within bounds, kept, and served on for a while when they cannot be fetched."""

import base64
import contextlib
import hashlib
import http.client
import ipaddress
import json
import socket
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable

import jwt

FRESH = 600  # seconds for which a set is current; the platform publishes a key longer than that before it signs with it
STALE = 3600  # seconds for which the last good set serves while the address is down
COOLDOWN = 30  # seconds between fetches for a kid that the set does not have
TIMEOUT = 5  # seconds
MOST_BYTES, MOST_KEYS = 65_536, 64

PRIME = 2**255 - 19
# y of the points of small order: anyone can sign for them. See https://eprint.iacr.org/2020/823, table 1.
WEAK = {0, 1, PRIME - 1} | {
    int.from_bytes(bytes.fromhex(y), "little")
    for y in (
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    )
}


class PlatformKeys:
    """Safe for threads. While one of them fetches, the others are served from the set at hand."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic):
        self.url = check_url(url)
        self.clock = clock
        self.keys: dict[str, jwt.PyJWK] = {}
        self.fetched_at = self.tried_at = float("-inf")
        self.failures = 0
        self.fetching = threading.Lock()

    def get_signing_key(self, kid: object) -> jwt.PyJWK:
        """The key with this id. Raises PyJWKClientConnectionError while no set is young enough to tell."""
        if not isinstance(kid, str):
            raise jwt.InvalidTokenError("The identity token names no key.")
        if self.wants(kid) and self.fetching.acquire(blocking=kid not in self.keys or self.age() >= STALE):
            try:
                if self.wants(kid):
                    self.refresh()
            finally:
                self.fetching.release()
        if self.age() >= STALE:
            raise jwt.PyJWKClientConnectionError("The platform's keys cannot be fetched.")
        key = self.keys.get(kid)
        if key is None:
            raise jwt.InvalidTokenError("The identity token is signed with a key that the platform does not publish.")
        return key

    def age(self) -> float:
        return self.clock() - self.fetched_at

    def wants(self, kid: str) -> bool:
        """Whether to fetch now: the set is old or does not have the kid, and the last try is long enough ago."""
        pause = COOLDOWN if self.failures == 0 else min(COOLDOWN, 2 ** (self.failures - 1))
        return (self.age() >= FRESH or kid not in self.keys) and self.clock() - self.tried_at >= pause

    def refresh(self) -> None:
        self.tried_at = self.clock()
        try:
            self.keys = read_keys(json.loads(fetch(self.url)))
            self.fetched_at, self.failures = self.tried_at, 0
        except (OSError, ValueError, RecursionError, http.client.HTTPException, jwt.PyJWTError):
            self.failures += 1


def check_url(url: str) -> str:
    """Whoever can answer there can forge every token: https, or http on this machine."""
    parts = urllib.parse.urlsplit(url)
    host = parts.hostname or ""
    local = host in {"localhost", "host.docker.internal"} or is_loopback(host)
    if "@" in parts.netloc or not (parts.scheme == "https" or (parts.scheme == "http" and local)):
        raise ValueError("The address of the keys is not https.")
    return url


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class CutOff:
    """Cuts a connection off after TIMEOUT. A socket's own limit is for each read: who answers byte by byte would hold us up for ever."""

    def do_open(self, http_class, request, **options):
        class Connection(http_class):
            def connect(self):
                super().connect()
                alarm = threading.Timer(TIMEOUT, cut_off, [self.sock])
                alarm.daemon = True
                alarm.start()

        return super().do_open(Connection, request, **options)


class Http(CutOff, urllib.request.HTTPHandler):
    pass


class Https(CutOff, urllib.request.HTTPSHandler):
    pass


def cut_off(connected: socket.socket) -> None:
    with contextlib.suppress(OSError):
        # Not the method of a TLS socket, which would go on in clear text.
        socket.socket.shutdown(connected, socket.SHUT_RDWR)


def fetch(url: str) -> bytes:
    """The whole answer, within TIMEOUT and MOST_BYTES."""
    deadline = time.monotonic() + TIMEOUT
    request = urllib.request.Request(url, headers={"accept": "application/json"})
    with urllib.request.build_opener(NoRedirect, Http, Https).open(request, timeout=TIMEOUT) as response:
        if response.status != 200:
            raise ValueError("no answer of 200")
        body = b""
        while chunk := response.read1(MOST_BYTES):
            body += chunk
            if len(body) > MOST_BYTES:
                raise ValueError("an answer too large")
        if response.length or time.monotonic() > deadline:
            raise ValueError("an answer cut short or too slow")
        return body


def read_keys(document: object) -> dict[str, jwt.PyJWK]:
    """The usable keys by their kid; others are passed over. A set without any is no set."""
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list) or len(listed) > MOST_KEYS:
        raise ValueError("no key set")
    keys = {jwk["kid"]: jwt.PyJWK(public_part(jwk), algorithm="EdDSA") for jwk in listed if is_usable(jwk)}
    if not keys:
        raise ValueError("no usable key")
    return keys


def public_part(jwk: dict) -> dict:
    return {"kty": "OKP", "crv": "Ed25519", "x": jwk["x"]}


def is_usable(jwk: object) -> bool:
    """A plain Ed25519 key under its own fingerprint (RFC 7638), so that two keys cannot share a kid."""
    if not isinstance(jwk, dict) or jwk.get("kty") != "OKP" or jwk.get("crv") != "Ed25519" or "d" in jwk:
        return False
    if jwk.get("alg", "EdDSA") != "EdDSA" or jwk.get("use", "sig") != "sig" or not isinstance(jwk.get("x"), str):
        return False
    thumbprint = hashlib.sha256(json.dumps(public_part(jwk), sort_keys=True, separators=(",", ":")).encode()).digest()
    return jwk.get("kid") == base64url(thumbprint) and is_strong_point(jwk["x"])


def is_strong_point(x: str) -> bool:
    try:
        point = base64.urlsafe_b64decode(x + "=")
    except ValueError:
        return False
    y = int.from_bytes(point, "little") % 2**255
    return len(point) == 32 and base64url(point) == x and y < PRIME and y not in WEAK


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
