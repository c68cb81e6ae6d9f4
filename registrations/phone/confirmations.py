"""The confirmation: honest about two things, that we keep the registration and that the NSSO has it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from ciao_portal.days import BRUSSELS, brussels_day, clock_time, iso_moment
from ciao_portal.errors import DomainError
from ciao_portal.models import Person
from ciao_portal.tenancy import unscoped
from registrations.models import Means, Registration
from registrations.models.nsso import SubmissionState
from registrations.phone.identity import Identity
from registrations.phone.points import Site
from registrations.phone.standing import DONE_WORDS, ICONS
from registrations.rules.flags import Doubt
from registrations.rules.presence import Flag, Kind
from registrations.services import statements

# As long as a phone without script looks again by itself.
WATCH = timedelta(minutes=2)
OWN_DAYS = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What the page says. `signal` is `done`, `waiting` or `trouble`; `clock` is Brussels time."""

    registration: Registration
    clock: str
    confirmed_at: str
    words: Promise
    icon: str
    signal: str
    journey: str
    is_settled: bool
    is_watched: bool


def of(registration: Registration, *, now: datetime) -> Confirmation:
    """The confirmation of a stored registration (with its submission and workplace)."""
    signal, journey, is_settled = _journey(registration)
    kind = Kind(registration.kind)
    return Confirmation(
        registration=registration,
        clock=clock_time(registration.happened_at),
        confirmed_at=iso_moment(registration.happened_at),
        words=DONE_WORDS[kind],
        icon=ICONS[kind],
        signal=signal,
        journey=journey,
        is_settled=is_settled,
        is_watched=not is_settled and now - registration.received_at < WATCH,
    )


def _journey(registration: Registration) -> tuple[str, str, bool]:
    submission = registration.submission
    if submission.state == SubmissionState.ACCEPTED:
        return "done", _("The NSSO has it, no. %(number)s") % {"number": submission.nsso_id}, True
    if submission.state == SubmissionState.NOT_DUE:
        return "done", _("Kept for your employer"), True
    if submission.state == SubmissionState.HELD:
        return "waiting", _("Received. Your employer looks at it first."), True
    if submission.state == SubmissionState.REFUSED:
        return "trouble", _("The NSSO did not take it. Your employer sees this and solves it."), True
    return "waiting", _("On its way to the NSSO"), False


@dataclass(frozen=True, slots=True)
class Question:
    """One question after the fact: a choice between options, or a time of a day."""

    name: str
    text: str
    options: list[tuple[str, str]] = field(default_factory=list)
    day: date | None = None


def questions(registration: Registration, site: Site, known: Identity | None) -> list[Question]:
    """What is still open about the registration; nothing once it was answered.

    The past is shown to a paired phone only.
    """
    answered = set(registration.statements.values_list("kind", flat=True))
    found = []
    if Doubt.EMPLOYER_ASSUMED in registration.flags and "employer_was" not in answered:
        options = [(str(company.pk), site.names[company.pk]) for company in site.companies]
        found.append(Question("employer", _("For which company do you work here?"), options))
    if Doubt.WORKPLACE_ASSUMED in registration.flags and "workplace_was" not in answered:
        places = [(str(workplace.pk), workplace.name) for workplace in site.workplaces]
        found.append(Question("workplace", _("Where are you now?"), places))
    if known is not None and known.means == Means.PAIRED and "stopped_at" not in answered:
        found += _forgotten(registration)
    return found


def _forgotten(registration: Registration) -> list[Question]:
    if Flag.CHECK_OUT_MISSING not in registration.flags:
        return []
    before = statements.forgotten_presence(registration)
    if before is None:
        return []
    text = _("Your last registration before this was at %(time)s. When did you stop that day?")
    return [
        Question(
            "stopped", text % {"time": clock_time(before.happened_at)}, day=brussels_day(before.happened_at)
        )
    ]


def take_answer(registration: Registration, site: Site, posted: Mapping[str, str], *, now: datetime) -> None:
    """Keep the answers that were given. Raises DomainError for an impossible time."""
    if (employer := site.company(posted.get("employer", ""))) is not None:
        statements.state_employer(registration=registration, employer=employer, now=now)
    wanted = posted.get("workplace", "")
    workplace = next((place for place in site.workplaces if str(place.pk) == wanted), None)
    if workplace is not None:
        statements.state_workplace(registration=registration, workplace=workplace, now=now)
    if posted.get("stopped"):
        stopped_at = _stopped_at(registration, posted["stopped"])
        statements.state_stop(registration=registration, stopped_at=stopped_at, now=now)


def _stopped_at(registration: Registration, text: str) -> datetime:
    """The moment of a typed clock time: the first one after the forgotten presence's last registration."""
    before = statements.forgotten_presence(registration)
    try:
        clock = time.fromisoformat(text)
    except ValueError:
        clock = None
    if before is None or clock is None:
        raise DomainError("stop.malformed", _("Type a time such as 17:30."), field="stopped")
    day = brussels_day(before.happened_at)
    moment = datetime.combine(day, clock.replace(tzinfo=None), tzinfo=BRUSSELS)
    if moment < before.happened_at:
        moment = datetime.combine(day + timedelta(days=1), clock.replace(tzinfo=None), tzinfo=BRUSSELS)
    return moment


@dataclass(frozen=True, slots=True)
class Line:
    """One own registration in a list."""

    clock: str
    words: Promise
    icon: str
    place: str
    signal: str
    journey: str


def lines(registrations: Iterable[Registration]) -> list[Line]:
    """Own registrations as lines, in the order given."""
    return [_line(registration) for registration in registrations]


def _line(registration: Registration) -> Line:
    kind = Kind(registration.kind)
    signal, journey, _settled = _journey(registration)
    return Line(
        clock_time(registration.happened_at),
        DONE_WORDS[kind],
        ICONS[kind],
        registration.workplace.name,
        signal,
        journey,
    )


def own_days(person: Person, *, now: datetime) -> list[tuple[date, list[Line]]]:
    """One's own registrations of the last 14 days, the newest day first, in order within a day."""
    with unscoped(reason="a person's own registrations, shown on their own paired phone"):
        rows = list(
            Registration.objects.filter(person=person, happened_day__gte=brussels_day(now - OWN_DAYS))
            .select_related("submission", "workplace")
            .order_by("-happened_day", "happened_at", "id")
        )
    return [(day, lines(group)) for day, group in groupby(rows, key=lambda row: row.happened_day)]
