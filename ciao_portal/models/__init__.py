from ciao_portal.models.accounts import Company, CompanyCard, Membership, Role, User
from ciao_portal.models.audit import AuditEvent
from ciao_portal.models.credentials import NssoCredentials
from ciao_portal.models.people import Person

__all__ = ["AuditEvent", "Company", "CompanyCard", "Membership", "NssoCredentials", "Person", "Role", "User"]
