"""What may be doubtful about a registration beyond its place in the sequence (that is `presence.Flag`).

Stored on registrations: values never change. A flag is for the office to look at, never a refusal.
"""

from enum import StrEnum


class Doubt(StrEnum):
    """How the person, the employer, the workplace or the declaration is in doubt."""

    IDENTITY_TYPED = "identityTyped"
    EMPLOYER_ASSUMED = "employerAssumed"
    WORKPLACE_ASSUMED = "workplaceAssumed"
    WORKER_UNKNOWN = "workerUnknown"
    PHONE_REVOKED = "phoneRevoked"
    SHARED_PHONE = "sharedPhone"
    NUMBER_PENDING = "numberPending"
    EMPLOYER_NOT_IN_CHAIN = "employerNotInChain"
    DECLARATION_WITHOUT_NUMBER = "declarationWithoutNumber"
    DECLARATION_NOT_STARTED = "declarationNotStarted"
    DECLARATION_ENDED = "declarationEnded"
    DECLARATION_CANCELLED = "declarationCancelled"
    # By a code whose contract was taken over at an earlier minute.
    OLD_CODE = "oldCode"
    # Under the number of the contractor that had the works before, though another one employs the person.
    FORMER_EMPLOYER = "formerEmployer"
    # Stopped from another place or phone page than the one where the presence runs.
    ENDED_ELSEWHERE = "endedElsewhere"
