"""Where the NSSO is, and the guard that keeps practice and demo data away from the real one."""

from __future__ import annotations

import ipaddress
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from ciao_portal.nsso.contracts import CONTRACTS, DEFAULT, Contract
from ciao_portal.nsso.errors import NssoCode, NssoMisconfigured

_REAL_DOMAIN = ".socialsecurity.be"
_HOST_NAME = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


class EnvironmentName(StrEnum):
    """Our simulator, the NSSO's simulation, the NSSO's production."""

    SIMULATOR = "simulator"
    SIMULATION = "simulation"
    PRODUCTION = "production"


@dataclass(frozen=True)
class NssoEnvironment:
    """Addresses, the time an answer may take in seconds, and the version of the contract that is spoken.

    ``pilots`` names the client ids that speak another version than ``contract_version``.
    Raises ``NssoMisconfigured`` when an address does not belong to the environment (the simulator is reached
    on this machine only, the real ones by https at the NSSO's own domain only) or a version is unknown.
    """

    name: EnvironmentName
    base_url: str
    token_url: str
    timeout_s: float
    contract_version: str = DEFAULT.VERSION
    pilots: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", _name(self.name))
        object.__setattr__(self, "base_url", self.base_url.rstrip("/"))
        for url in (self.base_url, self.token_url):
            if not self._is_allowed(url):
                raise _misconfigured(NssoCode.ADDRESS_FORBIDDEN, f"{self.name} may not reach this address")
        if not math.isfinite(self.timeout_s) or self.timeout_s <= 0:
            raise _misconfigured(NssoCode.NOT_SUPPORTED, "the time-out must be a number of seconds above 0")
        if not CONTRACTS.keys() >= {self.contract_version, *self.pilots.values()}:
            raise _misconfigured(NssoCode.NOT_SUPPORTED, "this version of the contract is not known")

    @property
    def is_simulator(self) -> bool:
        return self.name is EnvironmentName.SIMULATOR

    def contract_for(self, client_id: str) -> Contract:
        """The version this client speaks."""
        return CONTRACTS[self.pilots.get(client_id, self.contract_version)]

    def base_url_for(self, spoken: Contract) -> str:
        """The base address of this version: beside the usual one, where that ends in its own base path."""
        usual = CONTRACTS[self.contract_version].BASE_PATH
        if not self.base_url.endswith(usual):
            return self.base_url
        return self.base_url.removesuffix(usual) + spoken.BASE_PATH

    def refuse_practice(self, *, real_performance: bool) -> None:
        """Raise unless the data are real performances or the peer is the simulator."""
        if not real_performance and not self.is_simulator:
            raise _misconfigured(NssoCode.PRACTICE_DATA, f"practice data must not reach {self.name}")

    def _is_allowed(self, url: str) -> bool:
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            return False
        if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
            return False
        if self.is_simulator:
            return parts.scheme in {"http", "https"} and _is_loopback(parts)
        return parts.scheme == "https" and port in {None, 443} and _is_the_nsso(parts)


def environment() -> NssoEnvironment:
    """The environment of the settings whose names begin with ``NSSO_``."""
    return NssoEnvironment(
        name=settings.NSSO_ENVIRONMENT,
        base_url=settings.NSSO_BASE_URL,
        token_url=settings.NSSO_TOKEN_URL,
        timeout_s=float(settings.NSSO_TIMEOUT_S),
        contract_version=settings.NSSO_CONTRACT,
        pilots=settings.NSSO_CONTRACT_PILOTS,
    )


def _name(name: str) -> EnvironmentName:
    if name not in set(EnvironmentName):
        raise _misconfigured(NssoCode.NOT_SUPPORTED, "the environment is none of the three")
    return EnvironmentName(name)


def _is_loopback(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_the_nsso(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    return bool(_HOST_NAME.fullmatch(host)) and host.endswith(_REAL_DOMAIN)


def _misconfigured(code: NssoCode, why: str) -> NssoMisconfigured:
    return NssoMisconfigured(code, why, exchange=None)
