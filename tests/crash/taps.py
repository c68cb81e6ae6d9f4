"""Phones that tap over HTTP, as many at once as a test wants."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import requests

from ciao_portal.tenancy import unscoped
from registrations.models import PresenceState, Registration, Submission
from registrations.models.nsso import SubmissionState
from tests.portal import Portal, wait_for

ANSWER_S = 30.0
# How long a phone goes on trying the same tap.
PATIENCE_S = 60.0


def numbers(count: int) -> list[str]:
    """Well-formed national numbers of nobody: born in January 1985, checked by 97."""
    if not 0 < count <= 28 * 900:
        raise ValueError("not so many numbers are made here")
    first_nine = (850100000 + (index // 900 + 1) * 1000 + 50 + index % 900 for index in range(count))
    return [f"{number:09d}{97 - number % 97:02d}" for number in first_nine]


@dataclass(frozen=True)
class Tap:
    """One tap of one person; sent again with the same key until it is confirmed."""

    ssin: str
    action: str = "IN"
    key: UUID = field(default_factory=uuid4)


def send(portal: Portal, code: str, tap: Tap) -> str | None:
    """Post the tap once; the id of the confirmed registration, None when it was not confirmed."""
    form = {"ssin": tap.ssin, "action": tap.action, "client_key": str(tap.key), "key_origin": "tap"}
    with requests.Session() as session:
        session.trust_env = False
        try:
            answer = session.post(
                f"{portal.url}/r/{code}/", data=form, timeout=ANSWER_S, allow_redirects=False
            )
        except requests.RequestException:
            return None
    if answer.status_code != 303:
        assert answer.status_code >= 500, f"{answer.status_code}: {answer.text[:500]}"
        return None
    return answer.headers["Location"].rstrip("/").rsplit("/", 1)[1]


def insist(portal: Portal, code: str, tap: Tap) -> str:
    """Post the tap until it is confirmed, as a phone does after a lost answer."""
    return wait_for(
        lambda: send(portal, code, tap), seconds=PATIENCE_S, what=f"confirmation of {tap.key}", every=0.2
    )


def all_at_once(count: int, work: Callable[[int], str | None]) -> list[str | None]:
    """`work(0)` … `work(count - 1)` in threads that start together."""
    barrier = threading.Barrier(count)

    def run(index: int) -> str | None:
        barrier.wait(ANSWER_S)
        return work(index)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


class Crowd:
    """People who tap one after the other, on several phones at once, while the test breaks something.

    Each taps once, and insists until confirmed. `confirmed` grows while they tap.
    """

    def __init__(self, portal: Portal, code: str, *, phones: int = 8, people: Iterable[str] = ()) -> None:
        self._portal = portal
        self._code = code
        self._people: Iterator[str] = iter(people or numbers(20_000))
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self.sent: list[Tap] = []
        self.confirmed: dict[UUID, str] = {}
        self._pool = ThreadPoolExecutor(phones)
        self._phones = [self._pool.submit(self._phone) for _ in range(phones)]

    def __enter__(self) -> "Crowd":
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._pool.shutdown()

    def _next(self) -> Tap | None:
        with self._lock:
            ssin = None if self._ending.is_set() else next(self._people, None)
            if ssin is None:
                return None
            self.sent.append(Tap(ssin))
            return self.sent[-1]

    def _phone(self) -> None:
        while tap := self._next():
            self.confirmed[tap.key] = insist(self._portal, self._code, tap)

    def wait_for_more(self, count: int) -> None:
        """Until that many further taps were confirmed."""
        wanted = len(self.confirmed) + count
        wait_for(lambda: len(self.confirmed) >= wanted, seconds=PATIENCE_S, what=f"{wanted} confirmed taps")

    def end(self) -> None:
        """No new taps; those under way insist. Raises what went wrong on a phone."""
        self._ending.set()
        deadline = time.monotonic() + PATIENCE_S + ANSWER_S
        for phone in self._phones:
            phone.result(max(0.1, deadline - time.monotonic()))


def assert_each_tap_is_stored_once(taps: Iterable[Tap], confirmed: dict[UUID, str]) -> None:
    """Every tap has the one registration its confirmation showed, whole; nothing else is stored."""
    with unscoped(reason="a test counts everything"):
        rows = list(Registration.objects.values_list("client_key", "pk"))
        whole = Registration.objects.filter(submission__isnull=False)
        assert whole.count() == PresenceState.objects.count() == len(rows)
    stored = {key: str(pk) for key, pk in rows}
    assert stored == confirmed
    assert len(rows) == len(stored) == len(list(taps))


def states() -> dict[str, int]:
    """How many submissions stand in which state."""
    found: dict[str, int] = {}
    with unscoped(reason="a test counts everything"):
        for state in Submission.objects.values_list("state", flat=True):
            found[state] = found.get(state, 0) + 1
    return found


def wait_until_all_accepted(count: int, *, seconds: float) -> None:
    """Until the NSSO has all of them. Raises AssertionError with the states they are in."""

    def are_accepted() -> bool:
        return states() == {SubmissionState.ACCEPTED.value: count}

    try:
        wait_for(are_accepted, seconds=seconds, what=f"{count} accepted", every=0.2)
    except AssertionError:
        raise AssertionError(f"not all {count} accepted within {seconds} s: {states()}") from None


def assert_the_nsso_has_each_once(portal: Portal) -> None:
    """The simulator's list and our registrations are the same, one to one, with the same numbers."""
    wire = {"IN": "IN", "OUT": "OUT", "BREAK_START": "OUT", "BREAK_END": "IN"}
    with unscoped(reason="a test counts everything"):
        ours = sorted(
            (row.submission.nsso_id or 0, row.person.ssin or "", wire[row.kind])
            for row in Registration.objects.select_related("person", "submission")
        )
    theirs = sorted((row["id"], row["ssin"], row["type"]) for row in portal.simulator.registrations())
    assert theirs == ours
