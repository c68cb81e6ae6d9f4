"""Access tokens by a signed assertion (OAuth 2 client credentials, RFC 7521 and RFC 7523)."""

from __future__ import annotations

import hashlib
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode, urlsplit

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from ciao_portal.nsso import contract
from ciao_portal.nsso.classification import failure_of, nonsense
from ciao_portal.nsso.contract import AccessToken, ContractError, Wire
from ciao_portal.nsso.environment import NssoEnvironment
from ciao_portal.nsso.errors import NssoCode, NssoMisconfigured
from ciao_portal.nsso.transport import Call, NssoTransport, Reply

KEY_BITS = 2048
REFRESH_BEFORE_S = 60
_ASSERTION_S = 180
_LEAST_BITS = 1024


@dataclass(frozen=True)
class Credentials:
    """A company's client id and its RSA private key (PEM, PKCS 8, no passphrase)."""

    client_id: str
    private_key_pem: str = field(repr=False)


@dataclass(frozen=True)
class KeyPair:
    """A fresh key: the private half stays here, the public half goes to the NSSO."""

    private_pem: str = field(repr=False)
    public_pem: str


def generate_key_pair() -> KeyPair:
    """Make an RSA key; private half as PKCS 8, public half as SubjectPublicKeyInfo, both PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return KeyPair(private.decode(), public.decode())


def read_private_key(pem: str) -> rsa.RSAPrivateKey:
    """The key in this text; raises ``NssoMisconfigured`` when it is none that can sign an assertion."""
    try:
        key = serialization.load_pem_private_key(pem.encode(), password=None)
        if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < _LEAST_BITS:
            raise TypeError("not an RSA key, or too short for the signature")
        return key
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        why = "the private key cannot be read as RSA in PEM"
        raise NssoMisconfigured(NssoCode.PRIVATE_KEY_UNREADABLE, why, exchange=None) from error


def signed_assertion(credentials: Credentials, token_url: str, now_s: int) -> str:
    """The assertion for one token call, valid for three minutes from ``now_s`` (seconds since 1970).

    Raises ``NssoMisconfigured`` when the private key cannot be used.
    """
    claims: dict[str, object] = {
        "iss": credentials.client_id,
        "sub": credentials.client_id,
        "aud": token_url,
        "jti": str(uuid.uuid4()),
        "iat": now_s,
        "exp": now_s + _ASSERTION_S,
    }
    key = read_private_key(credentials.private_key_pem)
    return jwt.encode(claims, key, algorithm=contract.ASSERTION_ALGORITHM)


@dataclass(frozen=True)
class TokenTimes:
    """When a token was asked for and when it ends (aware UTC)."""

    fetched_at: datetime
    ends_at: datetime


class TokenSource:
    """The access token of one pair of credentials, fetched when needed and by one thread at a time."""

    def __init__(
        self, token_url: str, credentials: Credentials, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._token_url = token_url
        self._credentials = credentials
        self._clock = clock
        self._lock = threading.Lock()
        self._token: str | None = None
        self._refresh_at = 0.0
        self._times: TokenTimes | None = None

    @property
    def times(self) -> TokenTimes | None:
        """Of the last token that was fetched; None before the first."""
        return self._times

    def token(self, transport: NssoTransport) -> str:
        """A token with at least a minute to live. Raises ``NssoLater`` or ``NssoMisconfigured``."""
        with self._lock:
            if self._token is None or self._clock() >= self._refresh_at:
                asked_at, fetched_at = self._clock(), datetime.now(UTC)
                fetched = self._fetch(transport)
                self._token = fetched.value
                self._refresh_at = asked_at + fetched.expires_in_s - REFRESH_BEFORE_S
                ends_at = fetched_at + timedelta(seconds=fetched.expires_in_s)
                self._times = TokenTimes(fetched_at, ends_at)
            return self._token

    def forget(self) -> None:
        """Ask for a new token at the next call, whatever is known."""
        with self._lock:
            self._token = None

    def discard(self, token: str) -> None:
        """Forget this token, unless another thread has replaced it already."""
        with self._lock:
            if self._token == token:
                self._token = None

    def _fetch(self, transport: NssoTransport) -> AccessToken:
        reply = transport.send(self._call())
        if reply.status in {400, 401, 403}:
            raise NssoMisconfigured(NssoCode.TOKEN_REFUSED, _oauth_error(reply), exchange=reply.exchange)
        if reply.status != 200 or reply.document is None:
            raise failure_of(reply, writes=False)
        try:
            return contract.parse_token(reply.document)
        except ContractError as violation:
            raise nonsense(reply, violation, writes=False) from violation

    def _call(self) -> Call:
        form = {
            Wire.FORM_GRANT_TYPE: contract.GRANT_TYPE,
            Wire.FORM_ASSERTION_TYPE: contract.ASSERTION_TYPE,
            Wire.FORM_ASSERTION: signed_assertion(self._credentials, self._token_url, int(time.time())),
        }
        return Call(
            method="POST",
            url=self._token_url,
            path=urlsplit(self._token_url).path,
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            query={},
            body=urlencode(form).encode(),
        )


_sources: dict[tuple[str, str, str], TokenSource] = {}
_sources_lock = threading.Lock()


def shared_token_source(environment: NssoEnvironment, credentials: Credentials) -> TokenSource:
    """The process-wide source for these credentials: one pair may serve several companies."""
    fingerprint = hashlib.sha256(credentials.private_key_pem.encode()).hexdigest()
    key = (environment.token_url, credentials.client_id, fingerprint)
    with _sources_lock:
        return _sources.setdefault(key, TokenSource(environment.token_url, credentials))


def _oauth_error(reply: Reply) -> str:
    try:
        return contract.parse_oauth_error(reply.document)
    except ContractError:
        return f"status {reply.status}"
