"""What an employer must agree on with a worker, and tell, before a phone may be more than a habit.

Source: NSSO, Check In and Out at Work, question 7 (own phone: a written agreement and 7 euro; whoever refuses
gets neither) and question 12 (the place by GPS needs a written agreement and is never compulsory), in force
since 1 September 2024. The 7 euro are for each month, as public sources tell of the collective agreement.
Staff must be informed of how to register: the NSSO's page for employers.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

# A month, since 1 September 2024.
OWN_PHONE_EUR = 7
# Of the words a worker answers, kept with each answer: a change of meaning gets a new one.
TEXT_VERSION = "2026-11"


class Subject(StrEnum):
    """What is asked; the order is the order of asking."""

    INFORMED = "informed"
    OWN_PHONE = "own_phone"
    PLACE = "place"


class Answer(StrEnum):
    ACCEPTED = "accepted"
    REFUSED = "refused"


def latest(answers: Iterable[tuple[str, str]]) -> dict[Subject, Answer]:
    """The answer that counts for each subject; `answers` come with the latest first."""
    found: dict[Subject, Answer] = {}
    for subject, answer in answers:
        found.setdefault(Subject(subject), Answer(answer))
    return found


def unanswered(answers: Mapping[Subject, Answer]) -> list[Subject]:
    """What was never asked, in the order of asking."""
    return [subject for subject in Subject if subject not in answers]


def may_ask_place(answers: Mapping[Subject, Answer]) -> bool:
    """Whether the phone may be asked where it is: only with an agreement on file."""
    return answers.get(Subject.PLACE) is Answer.ACCEPTED
