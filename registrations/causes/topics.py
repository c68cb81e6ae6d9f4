"""What each remark of the NSSO is about."""

from ciao_portal.nsso.contract import RemarkCode
from registrations.meanings import meaning_table
from registrations.rules.causes import Topic

TOPICS: dict[str, Topic] = {
    RemarkCode.DIMONA_NOT_FOUND.value: Topic.DIMONA,
    RemarkCode.WORKER_UNKNOWN.value: Topic.IDENTITY,
    RemarkCode.ENTERPRISE_UNKNOWN.value: Topic.ENTERPRISE,
    RemarkCode.ENTERPRISE_NOT_ACTIVE.value: Topic.ENTERPRISE_ACTIVE,
    RemarkCode.ENTERPRISE_NOT_ON_DECLARATION.value: Topic.CHAIN,
    RemarkCode.DECLARATION_MISSING.value: Topic.NUMBER,
    RemarkCode.DECLARATION_UNKNOWN.value: Topic.NUMBER,
    RemarkCode.DECLARATION_NOT_ACTIVE.value: Topic.PERIOD,
    RemarkCode.SITE_NOT_SUBJECT.value: Topic.DUTY,
    RemarkCode.DUPLICATE_REGISTRATION.value: Topic.TWICE,
    RemarkCode.LIMOSA_NOT_FOUND.value: Topic.LIMOSA,
    RemarkCode.LIMOSA_NOT_ACTIVE.value: Topic.LIMOSA,
    RemarkCode.SELF_EMPLOYED_NOT_KNOWN.value: Topic.SELF_EMPLOYED,
    RemarkCode.MISSING_OUT.value: Topic.NO_OUT,
    RemarkCode.MISSING_IN.value: Topic.NO_IN,
    RemarkCode.OVERLAPPING_REGISTRATIONS.value: Topic.OVERLAP,
}


def topic_of(code: str) -> Topic | None:
    """That of the code, or of the one it was loaded to stand for; None for a code nobody knows."""
    row = meaning_table().remarks.get(code)
    return TOPICS.get(code) or TOPICS.get(row.known_as if row else "")
