from ciao_portal.models.accounts import Company, CompanyCard, Invitation, Membership, Role, User
from ciao_portal.models.audit import AuditEvent
from ciao_portal.models.credentials import NssoCredentials, SpareKey
from ciao_portal.models.letters import SentLetter
from ciao_portal.models.papers import Paper
from ciao_portal.models.people import Person
from ciao_portal.models.providers import IdentityProvider
from ciao_portal.models.retention import PurgePermit, PurgeProof
from ciao_portal.models.views import SavedView

__all__ = [
    "AuditEvent",
    "Company",
    "CompanyCard",
    "IdentityProvider",
    "Invitation",
    "Membership",
    "NssoCredentials",
    "Paper",
    "Person",
    "PurgePermit",
    "PurgeProof",
    "Role",
    "SavedView",
    "SentLetter",
    "SpareKey",
    "User",
]
