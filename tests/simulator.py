"""The NSSO simulator as a process of its own, for tests: the peer is real, over HTTP."""

import subprocess
import sys
import uuid
from pathlib import Path
from types import TracebackType
from typing import Any

import requests

from ciao_portal.nsso.auth import Credentials, KeyPair, generate_key_pair
from ciao_portal.nsso.client import NssoClient
from ciao_portal.nsso.environment import EnvironmentName, NssoEnvironment

REPOSITORY = Path(__file__).resolve().parent.parent
READY = "NSSO simulator ready at "
TIMEOUT_S = 30


class SimulatorProcess:
    """A simulator on a free port with a store of its own below ``folder``; ended by ``stop()``."""

    def __init__(self, folder: Path, *, delay_s: float = 0.0, port: int = 0, seed: int | None = None) -> None:
        self.data = folder / "simulator.sqlite3"
        self.delay_s = delay_s
        self.seed = seed
        self._session = requests.Session()
        self._session.trust_env = False
        self._start(port)

    def __enter__(self) -> "SimulatorProcess":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def _start(self, port: int) -> None:
        options = ["--port", str(port), "--data", str(self.data), "--delay", str(self.delay_s)]
        if self.seed is not None:
            options += ["--seed", str(self.seed)]
        command = [sys.executable, str(REPOSITORY / "manage.py"), "nsso_simulator", *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY)
        assert self.process.stdout is not None
        line = self.process.stdout.readline().strip()
        assert line.startswith(READY), f"the simulator did not start: {line!r}"
        self.address = line.removeprefix(READY)

    @property
    def base_url(self) -> str:
        return f"{self.address}/REST/presenceRegistration/v1"

    @property
    def token_url(self) -> str:
        return f"{self.address}/REST/oauth/v5/token"

    @property
    def control_url(self) -> str:
        return f"{self.address}/_simulator"

    def environment(self, *, timeout_s: float = 10.0) -> NssoEnvironment:
        return NssoEnvironment(EnvironmentName.SIMULATOR, self.base_url, self.token_url, timeout_s)

    def registrations(self) -> list[dict[str, Any]]:
        """What was taken in, in order of intake."""
        items: list[dict[str, Any]] = self.control("GET", "/registrations")["items"]
        return items

    def put_reference(self, **sections: list[dict[str, Any]]) -> None:
        self.control("PUT", "/reference", sections)

    def put_faults(self, *faults: dict[str, Any]) -> None:
        self.control("PUT", "/faults", {"faults": list(faults)})

    def advance(self, seconds: float) -> None:
        """Move the validation clock on."""
        self.control("POST", "/advance", {"seconds": seconds})

    def clear(self) -> None:
        self.control("DELETE", "")

    def credentials_for(self, enterprise_number: str, *, keys: KeyPair | None = None) -> Credentials:
        """A fresh client id and key, made known to the simulator."""
        keys = keys or generate_key_pair()
        client_id = f"self_service_chaman_{enterprise_number}_{uuid.uuid4().hex[:10]}"
        self.register_keys(client_id, enterprise_number, keys.public_pem)
        return Credentials(client_id, keys.private_pem)

    def register_keys(self, client_id: str, enterprise_number: str, *public_pems: str) -> None:
        """What Chaman does: these keys, and no others, may be used with the client id from now on."""
        known = {
            "clientId": client_id,
            "publicKeyPem": "".join(public_pems),
            "enterpriseNumber": enterprise_number,
        }
        self.control("POST", "/clients", known)

    def client_for(self, enterprise_number: str, *, timeout_s: float = 10.0) -> NssoClient:
        credentials = self.credentials_for(enterprise_number)
        return NssoClient(self.environment(timeout_s=timeout_s), credentials, real_performance=False)

    def control(self, method: str, path: str, document: object = None) -> dict[str, Any]:
        answer = self._session.request(method, self.control_url + path, json=document, timeout=TIMEOUT_S)
        assert answer.ok, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self._wait()

    def restart(self) -> None:
        """Start again on the same port and store, after ``kill()`` or ``stop()``."""
        self._start(int(self.address.rsplit(":", 1)[1]))

    def stop(self) -> int:
        """End it in good order; returns its exit code."""
        if self.process.poll() is None:
            self.process.terminate()
        self._session.close()
        return self._wait()

    def _wait(self) -> int:
        code = self.process.wait(timeout=TIMEOUT_S)
        if self.process.stdout:
            self.process.stdout.close()
        return code
