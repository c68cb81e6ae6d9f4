"""Writing down what came of a claim. It counts only while the claim is ours, except that the NSSO has it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from ciao_portal.nsso.client import BulkAnswer
from ciao_portal.nsso.contract import Created, NotCreated, Problem
from ciao_portal.nsso.errors import Exchange, NssoError, NssoRefused
from registrations.models import Attempt, Submission
from registrations.models.nsso import SubmissionState
from registrations.nsso import attempts, refusals
from registrations.nsso.columns import save_columns
from registrations.nsso.read_backs import look_soon
from registrations.nsso.states import (
    MISCONFIGURED,
    MOVED_FIELDS,
    REFUSED,
    SENDING,
    UNCERTAIN,
    WAITING,
    accept,
    move,
)

# The NSSO's clock runs behind ours: how soon and how late the same registration is offered again.
SOONEST_AGAIN = timedelta(seconds=2)
LATEST_AGAIN = timedelta(minutes=10)
CLOCK_DIFFERS = "clockDiffers"
# An error of our own on a submission: it is tried again, but not in a hot loop.
STUMBLED_PAUSE = timedelta(minutes=5)
# After so many of them somebody should know.
STUMBLES_BEFORE_HELP = 3

Change = Callable[[Submission], None]


@dataclass(frozen=True)
class Claim:
    """Submissions in the hands of one sender, in the state in which it holds them."""

    sender: str
    submissions: Sequence[Submission]
    state: SubmissionState = SENDING

    def holds(self, row: Submission) -> bool:
        return row.state == self.state and row.claimed_by == self.sender and row.in_flight_since is not None


def change(changes: Mapping[UUID, Change]) -> None:
    """Lock the rows, apply the change of each, save. Call inside `atomic`."""
    rows = list(Submission.objects.select_for_update().filter(pk__in=changes).order_by("pk"))
    for row in rows:
        changes[row.pk](row)
    save_columns(rows, MOVED_FIELDS)


@transaction.atomic
def keep_answer(claim: Claim, answer: BulkAnswer, *, now: datetime) -> None:
    """Each submission's own result: the NSSO has it, refused it, or asks for it later."""
    results = list(zip(claim.submissions, answer.results, strict=True))
    Attempt.objects.bulk_create(
        _attempt(submission, result, answer.exchange) for submission, result in results
    )
    changes: dict[UUID, Change] = {}
    for submission, result in results:
        if isinstance(result, Created):
            changes[submission.pk] = _accepted(result, now)
        else:
            changes[submission.pk] = _not_created(claim, result.problem, answer.exchange, now)
    change(changes)
    look_soon((one for one, result in results if isinstance(result, Created)), now=now)


@transaction.atomic
def keep_lost_answer(claim: Claim, error: NssoError, *, search_at: datetime) -> None:
    """Nobody knows whether the NSSO has them: looked up from `search_at` on."""
    _keep_error(claim, error, UNCERTAIN, due_at=search_at)


@transaction.atomic
def keep_later(claim: Claim, error: NssoError, *, due_at: datetime) -> None:
    """The NSSO has none of them; they wait."""
    _keep_error(claim, error, WAITING, due_at=due_at)


@transaction.atomic
def keep_misconfigured(claim: Claim, error: NssoError, *, due_at: datetime) -> None:
    """The NSSO has none of them, and somebody must put something right."""
    _keep_error(claim, error, MISCONFIGURED, due_at=due_at)


@transaction.atomic
def keep_refused(claim: Claim, error: NssoRefused) -> None:
    """The NSSO refused the request that held this one submission."""
    attempts.keep_failure([one.pk for one in claim.submissions], error, operation=attempts.REGISTER)
    change({one.pk: _refused(claim, refusals.by_the_nsso(error.problem)) for one in claim.submissions})


@transaction.atomic
def keep_unsent(claim: Claim, to: SubmissionState, *, due_at: datetime | None, reason: str) -> None:
    """They could not leave the house; no call was made."""
    change({one.pk: _moved(claim, to, due_at, reason) for one in claim.submissions})


@transaction.atomic
def keep_unprepared(claim: Claim, error: Exception, *, now: datetime) -> None:
    """The portal itself failed to make them ready: tried again, and soon shown as in need of somebody.

    From then on they no longer hold up what the same worker registered later.
    """
    pks = [one.pk for one in claim.submissions]
    attempts.keep_stumble(pks, error, operation=attempts.PREPARE, now=now)
    for pk in pks:
        to = MISCONFIGURED if attempts.stumbles(pk) >= STUMBLES_BEFORE_HELP else WAITING
        change({pk: _moved(claim, to, now + STUMBLED_PAUSE, attempts.STUMBLED)})


@transaction.atomic
def keep_stumbled(claim: Claim, error: Exception, *, search_at: datetime, now: datetime) -> None:
    """The portal itself failed while they were on their way: looked up before anything is sent again."""
    pks = [one.pk for one in claim.submissions]
    attempts.keep_stumble(pks, error, operation=attempts.REGISTER, now=now)
    change({pk: _moved(claim, UNCERTAIN, search_at, attempts.STUMBLED) for pk in pks})


@transaction.atomic
def keep_unsendable(claim: Claim, reasons: Mapping[UUID, refusals.Reason]) -> None:
    """What is stored makes no item of the contract: refused by the portal itself."""
    change({pk: _refused(claim, refusals.by_the_portal(reason)) for pk, reason in reasons.items()})


def _keep_error(claim: Claim, error: NssoError, to: SubmissionState, *, due_at: datetime) -> None:
    pks = [one.pk for one in claim.submissions]
    attempts.keep_failure(pks, error, operation=attempts.REGISTER)
    change({pk: _moved(claim, to, due_at, error.code.value) for pk in pks})


def _attempt(submission: Submission, result: Created | NotCreated, exchange: Exchange) -> Attempt:
    created = isinstance(result, Created)
    return attempts.attempt(
        submission.pk,
        exchange,
        operation=attempts.REGISTER,
        outcome="created" if created else "notCreated",
        detail="" if isinstance(result, Created) else result.problem.summary,
    )


def _accepted(result: Created, now: datetime) -> Change:
    registration = result.registration

    def apply(row: Submission) -> None:
        # Even when another sender took the claim for dead: the number is a fact.
        accept(row, nsso_id=registration.id, validity=registration.validity[:40], now=now)

    return apply


def _not_created(claim: Claim, problem: Problem, exchange: Exchange, now: datetime) -> Change:
    if not problem.lies_in_future:
        return _refused(claim, refusals.by_the_nsso(problem))

    def apply(row: Submission) -> None:
        behind = timedelta(seconds=-(exchange.clock_skew_s or 0.0))
        again = row.happened_at + behind + timedelta(seconds=1)
        due_at = min(max(again, now + SOONEST_AGAIN), now + LATEST_AGAIN)
        _moved(claim, WAITING, due_at, CLOCK_DIFFERS)(row)

    return apply


def _refused(claim: Claim, refusal: dict[str, object]) -> Change:
    def apply(row: Submission) -> None:
        if claim.holds(row):
            move(row, REFUSED, reason=str(refusal["reason"]))
            row.refusal = refusal

    return apply


def _moved(claim: Claim, to: SubmissionState, due_at: datetime | None, reason: str) -> Change:
    def apply(row: Submission) -> None:
        if claim.holds(row):
            move(row, to, due_at=due_at, reason=reason)

    return apply
