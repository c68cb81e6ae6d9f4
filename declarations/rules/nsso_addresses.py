"""The address (and QR) that the NSSO gives for a declaration of works, kept beside ours as the way out.

The NSSO's page says that a declaration generates a QR code and a URL, not how the URL looks. The worker's
portal is known (`checkinout.socialsecurity.be`); that other addresses of the NSSO may come is our reading, so
every https address below the domains of the NSSO is taken.
"""

import re
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext_lazy as _

from ciao_portal.errors import DomainError

DOMAINS = ("socialsecurity.be", "rsz.be", "onss.be", "lss.be", "rsz.fgov.be", "onss.fgov.be")
# Beyond this a code of two centimetres has modules that a phone cannot tell apart.
LONGEST = 120
# The shape in which a declaration is named inside an address.
REFERENCE = re.compile(r"(?<![A-Z0-9])1Y1[A-HJ-NP-Z0-9]{10}(?![A-Z0-9])", re.IGNORECASE)


def parse_nsso_address(text: str, *, technical_reference: str = "") -> str:
    """The address as the NSSO gave it, without the white space around it.

    `technical_reference` is the declaration's own, if known: an address that names another one is refused.

    Raises DomainError `nssoAddress.shape`, `nssoAddress.length`, `nssoAddress.host`, `nssoAddress.other`.
    """
    address = text.strip()
    parts = _split(address)
    if parts is None:
        raise DomainError(
            "nssoAddress.shape",
            _("Paste the whole address as the NSSO shows it; it begins with https://."),
            field="url",
        )
    if len(address) > LONGEST:
        raise DomainError(
            "nssoAddress.length",
            _("This address has %(count)s characters; at most %(longest)s fit into a small code."),
            field="url",
            params={"count": len(address), "longest": LONGEST},
        )
    host = (parts.hostname or "").lower()
    if not any(host == domain or host.endswith(f".{domain}") for domain in DOMAINS):
        raise DomainError(
            "nssoAddress.host",
            _("%(host)s is not known as an address of the NSSO. Known are: %(domains)s."),
            field="url",
            params={"host": host, "domains": ", ".join(DOMAINS)},
        )
    named = {found.upper() for found in REFERENCE.findall(address)}
    if technical_reference and named and technical_reference not in named:
        raise DomainError(
            "nssoAddress.other",
            _("This address is of the declaration %(other)s, not of %(own)s. Copy it from this one."),
            field="url",
            params={"other": min(named), "own": technical_reference},
        )
    return address


def _split(address: str) -> SplitResult | None:
    """Its parts, when it is a plain https address without user, port or odd characters."""
    if not re.fullmatch(r"[!-~]+", address):
        return None
    try:
        parts = urlsplit(address)
        plain = parts.port is None and parts.username is None and parts.password is None
    except ValueError:
        return None
    return parts if parts.scheme == "https" and parts.hostname and plain else None
