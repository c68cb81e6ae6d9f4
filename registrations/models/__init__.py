from registrations.models.emergency import EmergencyProcedure, OutageNote
from registrations.models.exports import Export, Report, ReportKind, ReportState
from registrations.models.means import Device, PairingLink
from registrations.models.nsso import (
    Attempt,
    NssoLine,
    NssoPresence,
    Outage,
    OutageOrigin,
    ReadBack,
    Remark,
    Submission,
)
from registrations.models.registrations import (
    Means,
    PresenceState,
    Registration,
    RegistrationPlace,
    Statement,
)
from registrations.models.seals import SealLeaf
from registrations.models.workers import Employment

__all__ = [
    "Attempt",
    "Device",
    "EmergencyProcedure",
    "Employment",
    "Export",
    "Means",
    "NssoLine",
    "NssoPresence",
    "Outage",
    "OutageNote",
    "OutageOrigin",
    "PairingLink",
    "PresenceState",
    "ReadBack",
    "Registration",
    "RegistrationPlace",
    "Remark",
    "Report",
    "ReportKind",
    "ReportState",
    "SealLeaf",
    "Statement",
    "Submission",
]
