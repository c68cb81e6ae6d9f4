"""The token address: checks the signed assertion and hands out bearer tokens."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

import jwt

from ciao_portal.nsso.contract import (
    ASSERTION_ALGORITHM,
    ASSERTION_MAX_SECONDS,
    ASSERTION_TYPE,
    GRANT_TYPE,
    ProblemType,
    Wire,
)
from ciao_portal.nsso.simulator.chance import Chance
from ciao_portal.nsso.simulator.problems import Answer, Refusal
from ciao_portal.nsso.simulator.reference import Client
from ciao_portal.nsso.simulator.store import Store

TOKEN_LIFETIME_S = 600
_LEEWAY_S = 5
_REMEMBER_EXPIRED_S = 3600
# A client may have several keys, one after the other in its text: while it replaces one.
_KEY = re.compile(r"-----BEGIN PUBLIC KEY-----.+?-----END PUBLIC KEY-----", re.DOTALL)


class OauthRefusal(Exception):  # noqa: N818 - an answer, no failure
    """An error of RFC 6749, section 5.2."""

    def __init__(self, error: str, status: int = 400) -> None:
        super().__init__(error)
        self.error = error
        self.status = status

    def answer(self) -> Answer:
        return Answer(self.status, {Wire.OAUTH_ERROR: self.error}, {"Cache-Control": "no-store"})


class Tokens:
    """Tokens live in memory only: after a restart everybody asks for a new one."""

    def __init__(self, store: Store, audiences: Sequence[str], chance: Chance) -> None:
        self._store = store
        self._audiences = list(audiences)
        self._chance = chance
        self._lock = threading.Lock()
        self._tokens: dict[str, tuple[str, float]] = {}

    def issue(self, form: bytes, clients: Mapping[str, Client]) -> Answer:
        """Answer a token call with a new token; raises ``OauthRefusal``."""
        client_id = self._checked_client(_assertion(form), clients)
        token = self._chance.token()
        now = time.time()
        with self._lock:
            self._tokens = {
                value: (owner, expires)
                for value, (owner, expires) in self._tokens.items()
                if expires > now - _REMEMBER_EXPIRED_S
            }
            self._tokens[token] = (client_id, now + TOKEN_LIFETIME_S)
        document = {Wire.ACCESS_TOKEN: token, Wire.TOKEN_TYPE: "Bearer", Wire.EXPIRES_IN: TOKEN_LIFETIME_S}
        return Answer(200, dict(document), {"Cache-Control": "no-store"})

    def client_of(self, authorization: str | None, clients: Mapping[str, Client]) -> Client:
        """Whose token came with a request; raises ``Refusal`` with one of the three problems of a token."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Refusal(ProblemType.NO_ACCESS_TOKEN)
        with self._lock:
            owner, expires = self._tokens.get(token, ("", 0.0))
        if owner not in clients:
            raise Refusal(ProblemType.INVALID_ACCESS_TOKEN)
        if expires <= time.time():
            raise Refusal(ProblemType.EXPIRED_ACCESS_TOKEN)
        return clients[owner]

    def expire(self, authorization: str) -> None:
        """End this token now."""
        token = authorization.partition(" ")[2]
        with self._lock:
            if token in self._tokens:
                self._tokens[token] = (self._tokens[token][0], time.time())

    def _checked_client(self, assertion: str, clients: Mapping[str, Client]) -> str:
        try:
            claimed = jwt.decode(assertion, options={"verify_signature": False}).get("iss")
            client = clients[str(claimed)]
            claims = self._claims(assertion, client)
        except (jwt.PyJWTError, KeyError, TypeError, ValueError):
            raise OauthRefusal("invalid_client", 401) from None
        now = time.time()
        lives_too_long = claims["exp"] - min(claims["iat"], now) > ASSERTION_MAX_SECONDS + _LEEWAY_S
        if lives_too_long or not self._is_first_use(claims, now):
            raise OauthRefusal("invalid_client", 401)
        return client.client_id

    def _claims(self, assertion: str, client: Client) -> dict[str, Any]:
        """What the assertion says when one of the client's keys signed it; else ``jwt.PyJWTError``."""
        for public_key_pem in _KEY.findall(client.public_key_pem):
            try:
                return jwt.decode(
                    assertion,
                    public_key_pem,
                    algorithms=[ASSERTION_ALGORITHM],
                    audience=self._audiences,
                    issuer=client.client_id,
                    subject=client.client_id,
                    leeway=_LEEWAY_S,
                    options={"require": ["iss", "sub", "aud", "jti", "iat", "exp"]},
                )
            except jwt.InvalidSignatureError:
                continue
        raise jwt.InvalidSignatureError

    def _is_first_use(self, claims: Mapping[str, object], now: float) -> bool:
        expires = now + ASSERTION_MAX_SECONDS + 2 * _LEEWAY_S
        return self._store.is_first_use(f"{claims['iss']} {claims['jti']}", expires=expires, now=now)


def _assertion(form: bytes) -> str:
    try:
        fields = parse_qs(form.decode(), keep_blank_values=True, max_num_fields=20)
    except ValueError:
        raise OauthRefusal("invalid_request") from None
    if any(len(values) > 1 for values in fields.values()) or Wire.FORM_GRANT_TYPE not in fields:
        raise OauthRefusal("invalid_request")
    if fields[Wire.FORM_GRANT_TYPE] != [GRANT_TYPE]:
        raise OauthRefusal("unsupported_grant_type")
    if fields.get(Wire.FORM_ASSERTION_TYPE) != [ASSERTION_TYPE] or Wire.FORM_ASSERTION not in fields:
        raise OauthRefusal("invalid_request")
    return fields[Wire.FORM_ASSERTION][0]
