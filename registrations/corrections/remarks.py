"""Which of the two errors a remark of the NSSO may mean."""

from ciao_portal.nsso.contract import RemarkCode
from registrations.meanings import meaning_table
from registrations.remarks import Request, known_meaning
from registrations.rules.corrections import Error

ENTERPRISE, DECLARATION = Error.ENTERPRISE, Error.DECLARATION
# The likelier one first.
ERRORS: dict[str, tuple[Error, ...]] = {
    RemarkCode.ENTERPRISE_UNKNOWN.value: (ENTERPRISE,),
    RemarkCode.ENTERPRISE_NOT_ACTIVE.value: (ENTERPRISE,),
    RemarkCode.ENTERPRISE_NOT_ON_DECLARATION.value: (ENTERPRISE, DECLARATION),
    RemarkCode.DECLARATION_MISSING.value: (DECLARATION,),
    RemarkCode.DECLARATION_UNKNOWN.value: (DECLARATION,),
    RemarkCode.DECLARATION_NOT_ACTIVE.value: (DECLARATION,),
}


def possible_errors(code: str) -> tuple[Error, ...]:
    """Both for a code nobody knows (people decide), none for one that is solved at its source."""
    if known := ERRORS.get(code):
        return known
    row = meaning_table().remarks.get(code)
    if row is not None and row.known_as in ERRORS:
        return ERRORS[row.known_as]
    meaning = known_meaning(code)
    return () if meaning is not None and meaning.request is Request.NO else (ENTERPRISE, DECLARATION)


def codes_of(error: Error) -> set[str]:
    """The remarks that go when this error is corrected."""
    known = {code for code, errors in ERRORS.items() if error in errors}
    alike = {code for code, row in meaning_table().remarks.items() if row.known_as in known}
    return known | alike
