from registrations.models.means import Device, PairingLink
from registrations.models.nsso import Attempt, NssoPresence, ReadBack, Remark, Submission
from registrations.models.registrations import Means, PresenceState, Registration, Statement
from registrations.models.workers import Employment

__all__ = [
    "Attempt",
    "Device",
    "Employment",
    "Means",
    "NssoPresence",
    "PairingLink",
    "PresenceState",
    "ReadBack",
    "Registration",
    "Remark",
    "Statement",
    "Submission",
]
