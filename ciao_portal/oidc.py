"""The OpenID Connect client: authorization code flow with PKCE, state and nonce, by Authlib and joserfc.

Every address of a provider was typed by an owner or comes from a document behind one: it must be https and
lead to the public internet (the machine's own network is not to be looked into from outside), no redirect is
followed, and every reply is bounded in bytes and in time. Only with the simulator may a provider run on this
machine.
"""

import ipaddress
import secrets
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from django.conf import settings
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from ciao_portal.bounded_session import bound

SCOPE = "openid profile"
DISCOVERY = "/.well-known/openid-configuration"
# Signed by a key pair: a client secret is no way to sign what identifies people.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
# Clocks of the provider and of this machine may differ by this much.
LEEWAY_S = 60


class OidcStep(StrEnum):
    """What is checked, in order."""

    ADDRESS = "address"
    DISCOVERY = "discovery"
    ISSUER = "issuer"
    ENDPOINTS = "endpoints"
    KEYS = "keys"
    ANSWER = "answer"


class OidcError(Exception):
    """A step that failed. `detail` is for the log; it never holds what a provider says of a person."""

    def __init__(self, step: OidcStep, detail: str) -> None:
        super().__init__(f"{step.value}: {detail}")
        self.step = step
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a provider says of itself, as far as it is used; all addresses checked."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str
    token_auth_method: str


@dataclass(frozen=True, slots=True)
class Flow:
    """What binds the answer to the phone that asked: kept there sealed, used once."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> "Flow":
        return cls(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Client:
    """Who we are to the provider."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str


def check_address(url: str) -> None:
    """Raises OidcError unless a request may go there."""
    parts = urlsplit(url)
    is_simulated = settings.NSSO_ENVIRONMENT == "simulator"
    host = parts.hostname or ""
    if not host or parts.username or parts.password or parts.fragment:
        raise OidcError(OidcStep.ADDRESS, "no plain address")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_simulated and _is_this_machine(host)):
        raise OidcError(OidcStep.ADDRESS, "not https")
    if is_simulated:
        return
    try:
        found = {info[4][0] for info in socket.getaddrinfo(host, parts.port or 443, type=socket.SOCK_STREAM)}
    except OSError:
        raise OidcError(OidcStep.ADDRESS, "the name is not known") from None
    if not all(ipaddress.ip_address(str(one).partition("%")[0]).is_global for one in found):
        raise OidcError(OidcStep.ADDRESS, "leads into a private network")


def discover(issuer: str) -> Metadata:
    """Fetch what the provider says of itself. Raises OidcError."""
    check_address(issuer)
    document = _fetched(f"{issuer.rstrip('/')}{DISCOVERY}", OidcStep.DISCOVERY)
    if document.get("issuer") != issuer:
        raise OidcError(OidcStep.ISSUER, "the document names another issuer")
    addresses = {}
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"):
        address = document.get(name, "")
        if not isinstance(address, str) or not (address or name == "userinfo_endpoint"):
            raise OidcError(OidcStep.ENDPOINTS, f"{name} is missing")
        if address:
            _check_endpoint(address)
        addresses[name] = address
    challenges = document.get("code_challenge_methods_supported")
    if isinstance(challenges, list) and "S256" not in challenges:
        raise OidcError(OidcStep.ENDPOINTS, "PKCE with S256 is not supported")
    methods = document.get("token_endpoint_auth_methods_supported")
    by_post = isinstance(methods, list) and "client_secret_basic" not in methods
    return Metadata(
        issuer=issuer,
        token_auth_method="client_secret_post" if by_post else "client_secret_basic",
        **addresses,
    )


def keys_of(metadata: Metadata) -> KeySet:
    """The keys with which the provider signs. Raises OidcError."""
    document = _fetched(metadata.jwks_uri, OidcStep.KEYS)
    try:
        return KeySet.import_key_set(document)  # type: ignore[arg-type]  # what is no key set is refused
    except (JoseError, ValueError, KeyError, TypeError):
        raise OidcError(OidcStep.KEYS, "no readable keys") from None


def authorization_url(client: Client, metadata: Metadata, flow: Flow) -> str:
    """Where the phone goes to sign in."""
    with _session(client, metadata, flow) as session:
        url, _state = session.create_authorization_url(
            metadata.authorization_endpoint, state=flow.state, nonce=flow.nonce, code_verifier=flow.verifier
        )
    return str(url)


def claims_of(client: Client, metadata: Metadata, flow: Flow, answer: Mapping[str, str]) -> dict[str, Any]:
    """What the provider says of whoever signed in, from the parameters of its answer.

    Raises OidcError for anything that is not exactly the answer to this flow.
    """
    if not secrets.compare_digest(answer.get("state", "").encode(), flow.state.encode()):
        raise OidcError(OidcStep.ANSWER, "state differs")
    # RFC 9207: an answer of another provider is told by its name.
    if "iss" in answer and answer["iss"] != metadata.issuer:
        raise OidcError(OidcStep.ANSWER, "another issuer answered")
    if not answer.get("code"):
        raise OidcError(OidcStep.ANSWER, "no code")
    with _session(client, metadata, flow) as session:
        token = _token(session, metadata, flow, answer["code"])
        claims = _checked(str(token.get("id_token", "")), client, metadata, flow)
        if metadata.userinfo_endpoint and token.get("access_token"):
            more = _told(session, metadata)
            if more.get("sub") == claims["sub"]:
                claims = {**more, **claims}
    return claims


def _token(session: Any, metadata: Metadata, flow: Flow, code: str) -> dict[str, Any]:
    try:
        token: dict[str, Any] = session.fetch_token(
            metadata.token_endpoint,
            grant_type="authorization_code",
            code=code,
            code_verifier=flow.verifier,
            allow_redirects=False,
        )
    except (AuthlibBaseError, requests.RequestException, ValueError) as error:
        raise OidcError(OidcStep.ANSWER, f"no token: {type(error).__name__}") from None
    return token


def _checked(id_token: str, client: Client, metadata: Metadata, flow: Flow) -> dict[str, Any]:
    """The claims of a token that this provider made for us, now, for this flow (OIDC Core 3.1.3.7)."""
    try:
        decoded = jwt.decode(id_token, keys_of(metadata), algorithms=ALGORITHMS)
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            options={"iss": {"essential": True, "value": metadata.issuer}},
            params={"nonce": flow.nonce, "client_id": client.client_id},
        )
        claims.validate(leeway=LEEWAY_S)
    except (JoseError, AuthlibBaseError, ValueError, KeyError, TypeError) as error:
        raise OidcError(OidcStep.ANSWER, f"token refused: {type(error).__name__}") from None
    # Others in the audience would be others whom the token lets in.
    if claims["aud"] not in (client.client_id, [client.client_id]):
        raise OidcError(OidcStep.ANSWER, "made for somebody else")
    return dict(claims)


def _told(session: Any, metadata: Metadata) -> dict[str, Any]:
    """What the provider adds at its user info address; nothing when it does not answer as it should."""
    try:
        reply = session.get(metadata.userinfo_endpoint, allow_redirects=False)
        document = reply.json() if reply.status_code == 200 else {}
    except (AuthlibBaseError, requests.RequestException, ValueError):
        return {}
    return document if isinstance(document, dict) else {}


@contextmanager
def _session(client: Client, metadata: Metadata, flow: Flow) -> Iterator[Any]:
    session = OAuth2Session(
        client_id=client.client_id,
        client_secret=client.client_secret,
        token_endpoint_auth_method=metadata.token_auth_method,
        scope=SCOPE,
        state=flow.state,
        redirect_uri=client.redirect_uri,
        code_challenge_method="S256",
    )
    with bound(session):
        yield session


def _check_endpoint(address: str) -> None:
    try:
        check_address(address)
    except OidcError as error:
        raise OidcError(OidcStep.ENDPOINTS, error.detail) from None


def _fetched(url: str, step: OidcStep) -> dict[str, Any]:
    """The JSON object at an address that was checked. Raises OidcError at this step."""
    try:
        with bound(requests.Session()) as session:
            reply = session.get(url, allow_redirects=False)
    except (requests.RequestException, OSError) as error:
        raise OidcError(step, f"not reached: {type(error).__name__}") from None
    if reply.status_code != 200:
        raise OidcError(step, f"answered {reply.status_code}")
    try:
        document = reply.json()
    except ValueError:
        raise OidcError(step, "is no JSON") from None
    if not isinstance(document, dict):
        raise OidcError(step, "is no JSON object")
    return document


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
