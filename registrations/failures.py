"""What every failure of a call to the NSSO means, and what to do about it.

Nothing the NSSO worded is shown: its texts may change and are not in the reader's language.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from ciao_portal.nsso.errors import NssoCode
from registrations.wording import Words


@dataclass(frozen=True, slots=True)
class Failure:
    """In few words (they follow a colon or stand alone), in a sentence, and what to do in another."""

    title: Words
    meaning: Words
    advice: Words
    # Nothing comes right by waiting: somebody must put something right.
    is_ours_to_solve: bool = False


_NOTHING = _("Nothing to do: it is tried again by itself.")
_NOTHING_LOOKED_UP = _(
    "Nothing to do: the NSSO is asked first what it has, so that nothing arrives twice. "
    "Then it is tried again."
)
_OPERATOR_NETWORK = _(
    "Nothing to do at first: it is tried again by itself. If it lasts over an hour, ask whoever operates the "
    "portal to check its connection to the internet."
)
_OPERATOR_ADDRESS = _(
    "Ask whoever operates the portal to check the address of the NSSO in the settings. "
    "What waits is sent by itself afterwards."
)
_ACCESS = _(
    "Check under Settings, Access to the NSSO, that the client id and the key are those known in Chaman. "
    "What waits is sent by itself afterwards."
)
_READ_THE_REFUSAL = _("Open the registration to read why, and solve the cause for the next ones.")

# The outcome of an item that was not taken in, although the call itself went well.
NOT_TAKEN_IN = "notCreated"

FAILURES: Mapping[str, Failure] = {
    NOT_TAKEN_IN: Failure(
        _("not taken in"),
        _("The NSSO answered and did not take this registration in."),
        _READ_THE_REFUSAL,
    ),
    NssoCode.NAME_NOT_RESOLVED: Failure(
        _("address not found"),
        _("The name of the NSSO's server could not be looked up (DNS). Nothing was sent."),
        _OPERATOR_NETWORK,
    ),
    NssoCode.CONNECTION_REFUSED: Failure(
        _("no connection"),
        _("The NSSO's server, or a proxy on the way, refused the connection. Nothing was sent."),
        _OPERATOR_NETWORK,
    ),
    NssoCode.CONNECT_TIMEOUT: Failure(
        _("no connection in time"),
        _("The NSSO's server could not be reached in time. Nothing was sent."),
        _OPERATOR_NETWORK,
    ),
    NssoCode.TLS: Failure(
        _("no secure connection"),
        _("No secure connection (TLS) with the NSSO could be made or kept."),
        _(
            "Nothing to do at first: it is tried again by itself. If it lasts over an hour, ask whoever "
            "operates the portal to check certificates and clock of the server."
        ),
    ),
    NssoCode.CONNECTION_LOST: Failure(
        _("connection lost"),
        _("The connection broke before the answer was there."),
        _NOTHING_LOOKED_UP,
    ),
    NssoCode.TIMEOUT: Failure(
        _("no answer in time"),
        _("The NSSO did not answer in time."),
        _NOTHING_LOOKED_UP,
    ),
    NssoCode.TOO_LARGE: Failure(
        _("answer too large"),
        _("The answer was larger than any answer of the NSSO can be, so it was not read."),
        _NOTHING_LOOKED_UP,
    ),
    NssoCode.NOT_JSON: Failure(
        _("answer is no data"),
        _(
            "Something else than data came back: a web page of a proxy or about maintenance, "
            "or an answer that was cut short."
        ),
        _NOTHING_LOOKED_UP,
    ),
    NssoCode.NONSENSE: Failure(
        _("answer does not fit"),
        _("The answer does not fit what was asked: results are missing, too many or of something else."),
        _NOTHING_LOOKED_UP,
    ),
    NssoCode.UNEXPECTED_STATUS: Failure(
        _("answer without content"),
        _("The answer reported success in an unknown way and did not say what was taken in."),
        _NOTHING_LOOKED_UP,
    ),
    NssoCode.REDIRECTED: Failure(
        _("sent on to another address"),
        _("The NSSO's server pointed to another address. Nothing was sent there."),
        _(
            "Nothing to do at first: this is usual during maintenance. If it lasts over a day, ask whoever "
            "operates the portal to check the address of the NSSO in the settings."
        ),
    ),
    NssoCode.TOO_MANY_REQUESTS: Failure(
        _("asked to slow down"),
        _("The NSSO asked for fewer calls for a while."),
        _("Nothing to do: the portal waits as long as the NSSO asks, then goes on by itself."),
    ),
    NssoCode.SERVER_ERROR: Failure(
        _("failure at the NSSO"),
        _("Something failed inside the NSSO's system."),
        _NOTHING_LOOKED_UP,
    ),
    NssoCode.SERVICE_UNAVAILABLE: Failure(
        _("NSSO not available"),
        _("The NSSO says that its service is not available, for maintenance or because of a breakdown."),
        _NOTHING,
    ),
    NssoCode.BAD_REQUEST: Failure(
        _("refused"),
        _("The NSSO did not accept the content that was sent."),
        _READ_THE_REFUSAL,
    ),
    NssoCode.NOT_FOUND: Failure(
        _("nothing found there"),
        _("The NSSO does not know what was asked for, or not at this address."),
        _OPERATOR_ADDRESS,
        is_ours_to_solve=True,
    ),
    NssoCode.NOT_VISIBLE: Failure(
        _("not visible for this access"),
        _("The NSSO does not show this registration to the access that asked for it."),
        _ACCESS,
        is_ours_to_solve=True,
    ),
    NssoCode.PAYLOAD_TOO_LARGE: Failure(
        _("too much at once"),
        _("The NSSO found the call too large."),
        _("Nothing to do: it is sent again in smaller parts."),
    ),
    NssoCode.ADDRESS_UNKNOWN: Failure(
        _("something else answers at this address"),
        _("What answered is not the NSSO's service: the address is wrong, or something stands in between."),
        _OPERATOR_ADDRESS,
        is_ours_to_solve=True,
    ),
    NssoCode.ADDRESS_FORBIDDEN: Failure(
        _("address not allowed"),
        _("The address in the settings is none that registrations may be sent to. Nothing was sent."),
        _OPERATOR_ADDRESS,
        is_ours_to_solve=True,
    ),
    NssoCode.PRACTICE_DATA: Failure(
        _("practice data"),
        _("Registrations of the demo or of practice never go to the real NSSO. Nothing was sent."),
        _("Nothing to do: they stay here."),
    ),
    NssoCode.NOT_SUPPORTED: Failure(
        _("not supported there"),
        _("The NSSO's server does not support this call in this form."),
        _("Ask whoever operates the portal for a newer version. What waits is sent by itself afterwards."),
        is_ours_to_solve=True,
    ),
    NssoCode.PERMISSION_MISSING: Failure(
        _("no permission"),
        _("The access is known to the NSSO but may not use this service."),
        _(
            "Let your Chief Access Manager give the REST channel the right for Check In and Out at Work "
            "in Chaman. What waits is sent by itself afterwards."
        ),
        is_ours_to_solve=True,
    ),
    NssoCode.TOKEN_REFUSED: Failure(
        _("access refused"),
        _("The NSSO gave no token: it does not know the client id, or the key is another one."),
        _ACCESS,
        is_ours_to_solve=True,
    ),
    NssoCode.TOKEN_NOT_ACCEPTED: Failure(
        _("token not accepted"),
        _("The NSSO gave a token and did not accept it afterwards."),
        _(
            "Nothing to do at first: a new token is asked for by itself. If it lasts over an hour, "
            "check the access in Chaman."
        ),
    ),
    NssoCode.PRIVATE_KEY_UNREADABLE: Failure(
        _("key not readable"),
        _("The private key of the access cannot be decrypted here, so no token can be asked for."),
        _(
            "Ask whoever operates the portal to put the missing field key back. "
            "What waits is sent by itself afterwards."
        ),
        is_ours_to_solve=True,
    ),
}


def failure_of(code: str) -> Failure | None:
    """The failure with this stable code; None when it is none, or one nobody knows."""
    return FAILURES.get(code)
