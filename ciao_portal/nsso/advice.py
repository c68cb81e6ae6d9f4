"""What a failed test of the connection means in plain words, and who does what about it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ciao_portal.nsso.errors import NssoCode
from ciao_portal.nsso.probe import StepName

STEP_WORDS: dict[StepName, Promise] = {
    StepName.SETTINGS: _("The settings of the portal can be used"),
    StepName.SERVICE: _("The service is reached and says it is working"),
    StepName.KEY: _("The private key can be read"),
    StepName.TOKEN: _("The NSSO accepts the key and gives a token"),
    StepName.PERMISSION: _("The company may use the service"),
}

_TOO_SLOW = _(
    "The NSSO did not answer in time. Try again in a few minutes. If it stays so, whoever runs this portal "
    "checks the network."
)
_UNREADABLE = _(
    "Something answered, but not in the way the service does: a page for maintenance, or something in "
    "between. Try again later. If it stays so, whoever runs this portal checks the address and the network."
)
_TROUBLE = _(
    "The service is reached, but has trouble of its own. Nothing is wrong here: try again later. "
    "Registrations are kept meanwhile."
)
_NOT_THERE = _(
    "The service is reached, but does not know what was asked. Whoever runs this portal checks the addresses "
    "in its settings (NSSO_BASE_URL, NSSO_TOKEN_URL)."
)
_NO_PERMISSION = _(
    "The key is right, but the company may not use this service yet. Your Chief Access Manager looks in "
    "Chaman whether the service for presence registrations belongs to the channel of this client id."
)
ADVICE: dict[NssoCode, Promise] = {
    NssoCode.NAME_NOT_RESOLVED: _(
        "The address of the NSSO cannot be found from here. Whoever runs this portal checks its network "
        "(name service) and the address in its settings."
    ),
    NssoCode.CONNECTION_REFUSED: _(
        "Nothing answers at the address of the service. Try again in a few minutes. If it stays so, whoever "
        "runs this portal checks the network, the firewall and the address in its settings."
    ),
    NssoCode.CONNECT_TIMEOUT: _TOO_SLOW,
    NssoCode.TIMEOUT: _TOO_SLOW,
    NssoCode.TLS: _(
        "No safe connection could be made: this machine does not trust who answers. Whoever runs this portal "
        "checks its clock, its list of trusted certificates, and whether something stands in between."
    ),
    NssoCode.CONNECTION_LOST: _(
        "The connection broke off. Try again in a few minutes. If it stays so, whoever runs this portal "
        "checks the network."
    ),
    NssoCode.TOO_LARGE: _UNREADABLE,
    NssoCode.NOT_JSON: _UNREADABLE,
    NssoCode.NONSENSE: _UNREADABLE,
    NssoCode.REDIRECTED: _UNREADABLE,
    NssoCode.UNEXPECTED_STATUS: _UNREADABLE,
    NssoCode.TOO_MANY_REQUESTS: _("The NSSO asks to wait for a while. Try again in a few minutes."),
    NssoCode.SERVER_ERROR: _TROUBLE,
    NssoCode.SERVICE_UNAVAILABLE: _TROUBLE,
    NssoCode.BAD_REQUEST: _NOT_THERE,
    NssoCode.NOT_FOUND: _NOT_THERE,
    NssoCode.ADDRESS_UNKNOWN: _NOT_THERE,
    NssoCode.PAYLOAD_TOO_LARGE: _NOT_THERE,
    NssoCode.ADDRESS_FORBIDDEN: _(
        "The addresses in the settings do not belong to the environment that was chosen. Nothing was sent. "
        "Whoever runs this portal corrects NSSO_ENVIRONMENT, NSSO_BASE_URL and NSSO_TOKEN_URL."
    ),
    NssoCode.PRACTICE_DATA: _(
        "This is a company for practice: it reaches the simulator and nothing else. Nothing was sent."
    ),
    NssoCode.NOT_SUPPORTED: _(
        "A setting cannot be used. Nothing was sent. Whoever runs this portal corrects NSSO_ENVIRONMENT and "
        "NSSO_TIMEOUT_S."
    ),
    NssoCode.NOT_VISIBLE: _NO_PERMISSION,
    NssoCode.PERMISSION_MISSING: _NO_PERMISSION,
    NssoCode.TOKEN_REFUSED: _(
        "The NSSO does not accept this key for this client id. Either the certificate of this key is not in "
        "Chaman yet, or the client id is another one. Your Chief Access Manager compares both there: the "
        "fingerprint of the certificate and the client id, letter by letter. A change there may take a while "
        "to work."
    ),
    NssoCode.TOKEN_NOT_ACCEPTED: _(
        "The NSSO gave a token, but the service does not accept it. Try again in a few minutes. If it stays "
        "so, whoever runs this portal checks that both addresses in its settings belong to the same "
        "environment."
    ),
    NssoCode.PRIVATE_KEY_UNREADABLE: _(
        "The private key cannot be read any more. Whoever runs this portal checks that FIELD_KEYS still "
        "holds the key under which it was stored. If that one is lost, an owner makes a new key here."
    ),
}
