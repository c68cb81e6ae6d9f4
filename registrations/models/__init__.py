from registrations.models.agreements import Agreement
from registrations.models.calendars import CalendarAddress
from registrations.models.chain import ChainReminder, ExpectedDays
from registrations.models.codes import PairingCode, WrongTry
from registrations.models.corrections import (
    Correction,
    CorrectionError,
    CorrectionEvidence,
    CorrectionLine,
    CorrectionSettings,
    CorrectionState,
    EvidenceKind,
)
from registrations.models.deadlines import DeadlineCalendar, DeadlineWarning, Digest
from registrations.models.emergency import EmergencyProcedure, OutageNote
from registrations.models.errors import ErrorKind, ErrorReport
from registrations.models.expected import ExpectedRemark
from registrations.models.exports import Export, Report, ReportKind, ReportState
from registrations.models.meanings import MeaningKind, NssoMeaning
from registrations.models.means import Badge, Device, PairingLink, Terminal
from registrations.models.nsso import (
    Attempt,
    EarlierWording,
    NssoLine,
    NssoPresence,
    Outage,
    OutageOrigin,
    ReadBack,
    Remark,
    Submission,
)
from registrations.models.reconciliation import ReconciledDay
from registrations.models.registrations import (
    Means,
    PresenceState,
    Registration,
    RegistrationPlace,
    Statement,
)
from registrations.models.remark_reminders import RemarkReminder
from registrations.models.seals import SealLeaf
from registrations.models.status import StatusAddress
from registrations.models.workers import Employment

__all__ = [
    "Agreement",
    "Attempt",
    "Badge",
    "CalendarAddress",
    "ChainReminder",
    "Correction",
    "CorrectionError",
    "CorrectionEvidence",
    "CorrectionLine",
    "CorrectionSettings",
    "CorrectionState",
    "DeadlineCalendar",
    "DeadlineWarning",
    "Device",
    "Digest",
    "EarlierWording",
    "EmergencyProcedure",
    "Employment",
    "ErrorKind",
    "ErrorReport",
    "EvidenceKind",
    "ExpectedDays",
    "ExpectedRemark",
    "Export",
    "MeaningKind",
    "Means",
    "NssoLine",
    "NssoMeaning",
    "NssoPresence",
    "Outage",
    "OutageNote",
    "OutageOrigin",
    "PairingCode",
    "PairingLink",
    "PresenceState",
    "ReadBack",
    "ReconciledDay",
    "Registration",
    "RegistrationPlace",
    "Remark",
    "RemarkReminder",
    "Report",
    "ReportKind",
    "ReportState",
    "SealLeaf",
    "Statement",
    "StatusAddress",
    "Submission",
    "Terminal",
    "WrongTry",
]
