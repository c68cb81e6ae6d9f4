"""A small OpenID Connect provider of our own, over HTTP: discovery, authorization, token, user info, keys.

It does what the standard asks of a provider (one code is used once, PKCE and the client's secret are
checked), and can be told to lie in one way at a time.
"""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from ciao_portal.bounded_session import MOST_BYTES

CLIENT_ID = "portal"
CLIENT_SECRET = "a-secret-of-the-test"
_KEY = RSAKey.generate_key(2048, {"kid": "one"})
_OTHER_KEY = RSAKey.generate_key(2048, {"kid": "one"})


class Provider:
    """Who is signed in there (`claims`), how it lies (`lie`), and what it was asked (`asked`)."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {"sub": "worker-1"}
        self.userinfo: dict[str, Any] = {}
        self.lie = ""
        self.asked: list[str] = []
        self.codes: dict[str, dict[str, str]] = {}
        self.issuer = ""

    def metadata(self) -> dict[str, Any]:
        document: dict[str, Any] = {
            "issuer": f"{self.issuer}/other" if self.lie == "discovery issuer" else self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "code_challenge_methods_supported": ["plain" if self.lie == "no S256" else "S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }
        if self.lie == "no token endpoint":
            del document["token_endpoint"]
        if self.lie == "plain http elsewhere":
            document["token_endpoint"] = "http://192.0.2.1/token"
        return document

    def keys(self) -> dict[str, Any]:
        return {"nothing": []} if self.lie == "no keys" else {"keys": [_KEY.as_dict(private=False)]}

    def authorize(self, asked: dict[str, str]) -> str:
        """Signs in at once; the address to which the browser is sent back."""
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert asked["client_id"] == CLIENT_ID
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        expected = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or authorization != f"Basic {expected}":
            return None
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return None
        more = {"more": "x" * MOST_BYTES} if self.lie == "endless token" else {}
        return {"access_token": "access", "token_type": "Bearer", "id_token": self._id_token(asked), **more}

    def _id_token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        claims: dict[str, Any] = {
            **self.claims,
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "exp": now + 300,
            "iat": now,
            "nonce": asked["nonce"],
        }
        lies: dict[str, dict[str, Any]] = {
            "issuer": {"iss": f"{self.issuer}/other"},
            "audience": {"aud": "somebody-else"},
            "wide audience": {"aud": [CLIENT_ID, "somebody-else"], "azp": CLIENT_ID},
            "nonce": {"nonce": "of-another-phone"},
            "expired": {"exp": now - 3600, "iat": now - 7200},
        }
        claims |= lies.get(self.lie, {})
        if self.lie == "no nonce":
            del claims["nonce"]
        if self.lie == "unsigned":
            parts = ({"alg": "none"}, claims)
            return (
                ".".join(
                    base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
                    for part in parts
                )
                + "."
            )
        key = _OTHER_KEY if self.lie == "key" else _KEY
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)


@contextmanager
def running_provider() -> Iterator[Provider]:
    """One that listens on this machine until the block ends."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_args: Any) -> None:
            """Tests are quiet."""

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            provider.asked.append(parts.path)
            if parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(dict(parse_qsl(parts.query))))
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            documents: dict[str, Callable[[], dict[str, Any]]] = {
                "/.well-known/openid-configuration": provider.metadata,
                "/keys": provider.keys,
                "/userinfo": lambda: provider.userinfo,
            }
            found = documents.get(parts.path)
            self._answer(404 if found is None else 200, found() if found else {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            provider.asked.append(urlsplit(self.path).path)
            token = provider.token(dict(parse_qsl(body)), self.headers.get("Authorization", ""))
            self._answer(200 if token else 400, token or {"error": "invalid_grant"})

        def _answer(self, status: int, document: dict[str, Any]) -> None:
            content = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()
