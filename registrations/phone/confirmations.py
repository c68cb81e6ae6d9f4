"""The confirmation: honest about two things, that we keep the registration and that the NSSO has it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from ciao_portal.days import BRUSSELS, brussels_day, brussels_time, clock_time, iso_moment
from ciao_portal.errors import DomainError
from registrations.models import Means, Registration
from registrations.models.nsso import SubmissionState
from registrations.models.registrations import StatementKind
from registrations.phone.identity import Identity
from registrations.phone.points import Site
from registrations.phone.standing import DONE_WORDS, ICONS, WORDS
from registrations.rules.flags import Doubt
from registrations.rules.presence import Flag, Kind
from registrations.services import statements

# As long as a phone without script looks again by itself.
WATCH = timedelta(minutes=2)


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
    signal, journey, is_settled = journey_words(registration)
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


def journey_words(registration: Registration) -> tuple[str, str, bool]:
    """How far it got: a signal, a sentence, and whether that is the end of it."""
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
    """One question after the fact: a choice between options, or a time of a day (`takes_time`)."""

    name: str
    text: str
    options: list[tuple[str, str]] = field(default_factory=list)
    takes_time: bool = False


def questions(registration: Registration, site: Site, known: Identity | None) -> list[Question]:
    """What is still open about the registration; nothing once it was answered.

    The past is shown to a paired phone only.
    """
    answered = set(registration.statements.values_list("kind", flat=True))
    found = []
    doubted = {Doubt.EMPLOYER_ASSUMED, Doubt.FORMER_EMPLOYER} & set(registration.flags)
    if doubted and StatementKind.EMPLOYER_WAS not in answered:
        options = [(str(company.pk), site.names[company.pk]) for company in site.companies]
        found.append(Question("employer", _("For which company do you work here?"), options))
    if Doubt.WORKPLACE_ASSUMED in registration.flags and StatementKind.WORKPLACE_WAS not in answered:
        places = [(str(workplace.pk), workplace.name) for workplace in site.workplaces]
        found.append(Question("workplace", _("Where are you now?"), places))
    if known is not None and known.means == Means.PAIRED:
        if StatementKind.STOPPED_AT not in answered:
            found += _forgotten(registration)
        if not answered & statements.SLIP_ANSWERS:
            found += _slipped(registration)
    return found


# What the three answers about two taps that undo each other are called in the form.
BEFORE, THIS, NEITHER = "before", "this", "neither"


def _forgotten(registration: Registration) -> list[Question]:
    if Flag.CHECK_OUT_MISSING not in registration.flags:
        return []
    before = statements.forgotten_presence(registration)
    if before is None:
        return []
    text = _forgotten_words(before, today=registration.happened_day)
    # A time the person registered before is offered, none that we made up.
    usual = statements.stop_before(before)
    options = []
    if usual is not None and (clock := f"{brussels_time(usual.happened_at):%H:%M}"):
        like = _("%(time)s, as on %(day)s") % {"time": clock, "day": _short(usual.happened_day)}
        options.append((clock, like))
    return [Question("stopped", text, options, takes_time=True)]


def _forgotten_words(before: Registration, *, today: date) -> str:
    """The question with the day in words."""
    is_yesterday = before.happened_day == today - timedelta(days=1)
    if before.kind == Kind.IN:
        words = (
            _("You came at %(time)s yesterday. When did you stop?")
            if is_yesterday
            else _("You came on %(day)s at %(time)s. When did you stop?")
        )
    else:
        words = (
            _("Your last registration was at %(time)s yesterday. When did you stop?")
            if is_yesterday
            else _("Your last registration was on %(day)s at %(time)s. When did you stop?")
        )
    return words % {"time": clock_time(before.happened_at), "day": _short(before.happened_day)}


def _short(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


def _slipped(registration: Registration) -> list[Question]:
    before = statements.undone_by(registration)
    if before is None:
        return []
    first, second = WORDS[Kind(before.kind)], WORDS[Kind(registration.kind)]
    text = _("You pressed %(first)s at %(time)s and then %(second)s. Was that a mistake?")
    mistake = _("%(button)s was a mistake")
    options = [
        (BEFORE, mistake % {"button": first}),
        (THIS, mistake % {"button": second}),
        (NEITHER, _("No, both are right")),
    ]
    values = {"first": first, "second": second, "time": clock_time(before.happened_at)}
    return [Question("slip", text % values, options)]


def take_answer(
    registration: Registration, site: Site, known: Identity, posted: Mapping[str, str], *, now: datetime
) -> None:
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
    if posted.get("slip") and known.means == Means.PAIRED:
        _take_slip(registration, posted["slip"], now=now)


def _take_slip(registration: Registration, answer: str, *, now: datetime) -> None:
    before = statements.undone_by(registration)
    if before is None or answer not in (BEFORE, THIS, NEITHER):
        return
    slip = {BEFORE: before, THIS: registration}.get(answer)
    statements.state_slip(registration=registration, slip=slip, now=now)


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
    signal, journey, _settled = journey_words(registration)
    return Line(
        clock_time(registration.happened_at),
        DONE_WORDS[kind],
        ICONS[kind],
        registration.workplace.name,
        signal,
        journey,
    )
