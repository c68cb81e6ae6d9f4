"""What a backup says of itself: its version, kind of database, migrations, keys and members."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from ciao_portal.backup.archive import BackupError, Member
from ciao_portal.crypto import DecryptionError, KeyRing, KeyRingError
from ciao_portal.env import BASE_DIR

NAME = "manifest"
FORMAT = 1
KEY_CHECK = "backup.key_check"


def product_version() -> str:
    """The version in pyproject.toml, for example 0.1.0."""
    with (BASE_DIR / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


@dataclass(frozen=True, slots=True)
class Manifest:
    product: str
    vendor: str
    made_at: str
    """ISO 8601 with offset."""
    migrations: list[list[str]]
    key_checks: dict[str, str]
    """For each field key a text sealed with it (hexadecimal): tells later whether the same key is at hand."""
    members: dict[str, Member]
    format: int = FORMAT

    @classmethod
    def of_now(cls, members: Mapping[str, Member], *, now: datetime) -> Self:
        applied = MigrationRecorder(connection).applied_migrations()
        return cls(
            product=product_version(),
            vendor=connection.vendor,
            made_at=now.isoformat(timespec="seconds"),
            migrations=[list(one) for one in sorted(applied)],
            key_checks=_key_checks(),
            members=dict(members),
        )

    def to_bytes(self) -> bytes:
        return json.dumps(asdict(self), indent=1).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Raises BackupError for a form this version does not know."""
        try:
            found = json.loads(data)
            members = {name: Member(**member) for name, member in found.pop("members").items()}
            manifest = cls(**found, members=members)
        except (ValueError, TypeError, KeyError, AttributeError):
            raise BackupError("The backup was made by another version of the portal.") from None
        if manifest.format != FORMAT:
            raise BackupError(f"The backup was made by version {manifest.product} in a form unknown here.")
        return manifest

    def refuse_other_vendor(self) -> None:
        if self.vendor != connection.vendor:
            raise BackupError(
                f"The backup is of {self.vendor}, DATABASE_URL names {connection.vendor}: "
                "restore it into the same kind of database."
            )

    def refuse_newer_version(self) -> None:
        """What a newer version wrote cannot be read by an older one."""
        here = product_version()
        known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations or {}
        unknown = [".".join(one) for one in self.migrations if (one[0], one[1]) not in known]
        if unknown or _as_numbers(self.product) > _as_numbers(here):
            because = f" (migration {unknown[0]} is not known here)" if unknown else ""
            raise BackupError(
                f"The backup was made by version {self.product}, newer than this one, {here}{because}: "
                "install that version first."
            )

    def refuse_missing_keys(self, field_keys: str) -> None:
        """The restored numbers must be readable with these keys (the text of FIELD_KEYS)."""
        try:
            ring = KeyRing.parse(field_keys)
        except KeyRingError as error:
            raise BackupError(f"FIELD_KEYS cannot be used: {error}") from error
        for key_id, sealed in self.key_checks.items():
            try:
                ring.decrypt(bytes.fromhex(sealed), KEY_CHECK)
            except DecryptionError:
                raise BackupError(
                    f"FIELD_KEYS lacks the key {key_id} of the backup (or has another one by that name): "
                    "without it the restored national numbers cannot be read."
                ) from None


def _key_checks() -> dict[str, str]:
    entries = [entry for entry in settings.FIELD_KEYS.split(",") if entry.strip()]
    rings = [KeyRing.parse(entry) for entry in entries]
    return {ring.key_ids[0]: ring.encrypt("readable", KEY_CHECK).hex() for ring in rings}


def _as_numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())
