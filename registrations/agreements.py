"""What workers agreed to, as the office's list of workers shows it and narrows itself by it."""

from typing import Any

import django_tables2
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registrations import cells
from registrations.models import Agreement, Employment
from registrations.models.agreements import AnswerChoice, SubjectChoice
from registrations.rules.agreements import Answer, Subject
from registrations.wording import Badge

# The values of the filter: subject and answer, or no answer yet.
UNANSWERED = "none"
FILTER_CHOICES = [
    (f"{Subject.INFORMED.value}:{UNANSWERED}", _("Not informed yet")),
    (f"{Subject.INFORMED.value}:{Answer.ACCEPTED.value}", _("Informed")),
    (f"{Subject.OWN_PHONE.value}:{Answer.ACCEPTED.value}", _("Own phone accepted")),
    (f"{Subject.OWN_PHONE.value}:{Answer.REFUSED.value}", _("Own phone refused")),
    (f"{Subject.OWN_PHONE.value}:{UNANSWERED}", _("Own phone not answered")),
    (f"{Subject.PLACE.value}:{Answer.ACCEPTED.value}", _("Place accepted")),
    (f"{Subject.PLACE.value}:{Answer.REFUSED.value}", _("Place refused")),
    (f"{Subject.PLACE.value}:{UNANSWERED}", _("Place not answered")),
]


class AnswerColumn(django_tables2.Column):  # type: ignore[misc]  # django-tables2 ships no types
    """The latest answer on one subject, in a word."""

    def __init__(self, label: Promise, *, accepted: Promise, otherwise: Promise | str = "–") -> None:
        super().__init__(label, empty_values=())
        self._accepted, self._otherwise = accepted, otherwise

    def render(self, value: str | None) -> str:
        if not value:
            return str(self._otherwise)
        return str(self._accepted if value == Answer.ACCEPTED else AnswerChoice(value).label)


def latest_answers() -> dict[str, Any]:
    """Annotations for employments: the answer that counts, by subject; None before the first."""
    return {subject.value: Subquery(_latest(subject).values("answer")[:1]) for subject in Subject}


def with_answer(rows: QuerySet[Employment], choice: str) -> QuerySet[Employment]:
    """Those with this value of `FILTER_CHOICES`; rows are annotated by `latest_answers`."""
    subject, _colon, answer = choice.partition(":")
    return rows.filter(**{f"{subject}__isnull": True} if answer == UNANSWERED else {subject: answer})


def _latest(subject: Subject) -> QuerySet[Agreement]:
    # The manager is scoped to the company, and so are the employments.
    rows = Agreement.objects.filter(person=OuterRef("person"), company=OuterRef("company"))
    return rows.filter(kind=subject.value).order_by("-answered_at", "-id")


def shown(rows: dict[Subject, Agreement]) -> list[dict[str, object]]:
    """The answers of one worker for the worker's page: subject, badge, when and how."""
    return [_shown(subject, rows.get(subject)) for subject in Subject]


def _shown(subject: Subject, row: Agreement | None) -> dict[str, object]:
    label = SubjectChoice(subject.value).label
    if row is None:
        return {"label": label, "badge": Badge(_("Not answered yet"), "wait", "clock"), "how": ""}
    how = _("on %(moment)s, noted from paper") if row.device_id is None else _("on %(moment)s, on the phone")
    return {
        "label": label,
        "badge": _badge(subject, row.answer),
        "how": how % {"moment": cells.moment(row.answered_at)},
    }


def _badge(subject: Subject, answer: str) -> Badge:
    if answer == Answer.REFUSED:
        return Badge(AnswerChoice.REFUSED.label, "info", "close")
    words = _("Informed") if subject is Subject.INFORMED else AnswerChoice.ACCEPTED.label
    return Badge(words, "ok", "check")
