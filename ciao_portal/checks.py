"""Wrong combinations of settings, and missing safeguards, refused with words."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.utils import DatabaseError

from ciao_portal import files
from ciao_portal.append_only import append_only_tables, expected_triggers, present_triggers
from ciao_portal.crypto import KeyRing, KeyRingError
from ciao_portal.models import Company
from ciao_portal.nsso.contracts import CONTRACTS

# Version 4 at level Q holds 46 bytes; the path of a registration point takes `/r/` + 10 characters + `/`.
LONGEST_PUBLIC_URL = 46 - len("/r/0123456789/")
MINIMUM_SECRET_LENGTH = 32
LOG_FORMATS = ("text", "json")


@register(Tags.security)
def check_settings(**_kwargs: Any) -> Sequence[CheckMessage]:
    found: list[CheckMessage] = []
    if settings.NSSO_ENVIRONMENT not in settings.NSSO_ADDRESSES:
        names = ", ".join(settings.NSSO_ADDRESSES)
        found.append(Error(f"NSSO_ENVIRONMENT must be one of {names}.", id="ciao.E001"))
    spoken = {settings.NSSO_CONTRACT, *settings.NSSO_CONTRACT_PILOTS.values()}
    if not spoken <= CONTRACTS.keys():
        known = ", ".join(CONTRACTS)
        message = f"NSSO_CONTRACT and NSSO_CONTRACT_PILOTS know these versions: {known}."
        found.append(Error(message, id="ciao.E013"))
    if settings.LOG_FORMAT not in LOG_FORMATS:
        found.append(Error("LOG_FORMAT must be text or json.", id="ciao.E012"))
    try:
        KeyRing.parse(settings.FIELD_KEYS)
    except KeyRingError as error:
        found.append(Error(f"FIELD_KEYS cannot be used: {error}", id="ciao.E002"))
    try:
        files.folder()
    except ImproperlyConfigured as error:
        found.append(Error(str(error), id="ciao.E011"))
    if len(settings.PUBLIC_URL) > LONGEST_PUBLIC_URL:
        message = (
            f"PUBLIC_URL is longer than {LONGEST_PUBLIC_URL} characters: the QR codes grow past version 4."
        )
        found.append(checks.Warning(message, id="ciao.W001"))
    for kind, days in settings.RETENTION_DAYS.items():
        if days < 1:
            message = f"RETENTION_{kind.upper()}_DAYS must be at least 1."
            found.append(Error(message, id="ciao.E010"))
    if settings.IS_PRODUCTION:
        found += _production()
    return found


def _production() -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if len(settings.SECRET_KEY) < MINIMUM_SECRET_LENGTH:
        found.append(Error("SECRET_KEY must be set in production.", id="ciao.E003"))
    if urlsplit(settings.PUBLIC_URL).scheme != "https":
        found.append(Error("PUBLIC_URL must be https in production.", id="ciao.E004"))
    if not settings.EMAIL_URL:
        found.append(Error("EMAIL_URL must be set in production.", id="ciao.E005"))
    if settings.DEBUG:
        found.append(Error("DEBUG must be off in production.", id="ciao.E006"))
    if urlsplit(settings.NSSO_BASE_URL).scheme != "https":
        found.append(Error("NSSO_BASE_URL must be the real service in production.", id="ciao.E007"))
    return found


@register(Tags.database)
def check_database(databases: Sequence[str] | None = None, **_kwargs: Any) -> Sequence[CheckMessage]:
    """Run with `check --database default`, and by every process before it starts serving."""
    if not databases or "default" not in databases:
        return []
    found: list[CheckMessage] = []
    connection = connections["default"]
    try:
        tables = set(connection.introspection.table_names())
        if not set(append_only_tables()) <= tables:
            return []
        if missing := expected_triggers(connection.vendor) - present_triggers():
            message = f"Append-only tables without their triggers: {', '.join(sorted(missing))}. Run migrate."
            found.append(Error(message, id="ciao.E008"))
        if settings.NSSO_ENVIRONMENT != "simulator" and Company.objects.filter(is_demo=True).exists():
            message = "This database holds demo data: it may only be used with the simulator."
            found.append(Error(message, id="ciao.E009"))
    except DatabaseError as error:
        found.append(checks.Warning(f"The database could not be checked: {error}", id="ciao.W002"))
    return found
