"""The rows that `register()`, the sender and the reading back would have written, for synthetic load."""

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from ciao_portal.days import brussels_day
from ciao_portal.models import AuditEvent
from ciao_portal.nsso.contract import RemarkCode, Validity
from ciao_portal.nsso.simulator.descriptions import description_of
from registrations.demo.scale_founding import Hand
from registrations.demo.scale_story import SEED
from registrations.demo.writing import Prepared, Row, TableWriter
from registrations.models import (
    Attempt,
    Means,
    NssoPresence,
    PresenceState,
    Registration,
    Remark,
    SealLeaf,
    Submission,
)
from registrations.models.nsso import SubmissionState
from registrations.nsso.attempts import REGISTER
from registrations.nsso.refusals import Reason, by_the_portal
from registrations.nsso.states import ACCEPTED, HELD, MISCONFIGURED, REFUSED
from registrations.rules.deadlines import last_day
from registrations.rules.flags import Doubt
from registrations.rules.leaves import VERSION, Fact, leaf_digest
from registrations.rules.presence import Kind, nsso_type
from registrations.rules.standing import Standing, advance

# Shares of all registrations.
NOT_TAKEN = 0.001  # each: refused, without credentials, held (typed numbers only)
WITH_ATTEMPT = 0.01
WITH_REMARK = 0.01
# Far above the numbers of any simulator beside this tenant.
FIRST_NSSO_ID = 10**12
NSSO_TAKES = timedelta(seconds=2)
NSSO_CHECKS_WITHIN = timedelta(seconds=20)
SOLVED_AFTER = timedelta(days=3)
REMARKS = {
    "IN": (RemarkCode.DIMONA_NOT_FOUND, RemarkCode.ENTERPRISE_NOT_ON_DECLARATION, RemarkCode.MISSING_OUT),
    "OUT": (RemarkCode.DIMONA_NOT_FOUND, RemarkCode.ENTERPRISE_NOT_ON_DECLARATION, RemarkCode.MISSING_IN),
}

# Prepared rows by the name of their table.
Portion = Mapping[str, Sequence[Prepared]]


class Rows:
    """Turns taps, given in order of time for each worker, into rows of all tables they touch."""

    def __init__(self, *, now: datetime) -> None:
        self.count = 0
        self._now = now
        self._dice = random.Random(SEED)  # noqa: S311 - a story, not a secret
        # By the worker's number: everybody works on one declaration.
        self._standings: dict[int, tuple[Hand, Standing, UUID]] = {}
        self._nsso_id = FIRST_NSSO_ID
        self._tables = _tables()

    def prepared(self, taps: Iterable[tuple[datetime, Kind, Hand]]) -> Portion:
        """The rows of a portion; touches no database."""
        rows: dict[str, list[Row]] = {name: [] for name in self._tables}
        for at, kind, hand in taps:
            self._register(rows, at, kind, hand)
        return {name: self._tables[name].prepared(found) for name, found in rows.items()}

    def write(self, portion: Portion) -> None:
        """Write a prepared portion. Call inside a transaction."""
        for name, rows in portion.items():
            self._tables[name].write(rows)

    def write_presences(self) -> None:
        """Where everybody stands after the last portion: what a rebuild would find."""
        table = TableWriter(
            PresenceState,
            *("person_id", "employer_id", "declaration_id", "workplace_id", "last_registration_id"),
            *("last_kind", "last_at", "since"),
        )
        table.put(
            (
                *(hand.person, hand.employer, hand.declaration, hand.workplace, registration),
                *(standing.last_kind.value, standing.last_at, standing.since),
            )
            for hand, standing, registration in self._standings.values()
        )

    def _register(self, portion: dict[str, list[Row]], at: datetime, kind: Kind, hand: Hand) -> None:
        pk, means = self._id(at), Means.PAIRED if hand.device else Means.TYPED
        before = self._standings.get(hand.number)
        standing, odd = advance(before[1] if before else None, kind, at)
        self._standings[hand.number] = (hand, standing, pk)
        typed = () if hand.device else (Doubt.IDENTITY_TYPED.value,)
        flags = sorted({*(flag.value for flag in odd), *typed})
        fact = Fact(
            registration=pk,
            person=hand.person,
            employer=hand.employer,
            declaration=hand.declaration,
            workplace=hand.workplace,
            point=hand.point,
            device=hand.device,
            kind=kind.value,
            means=means.value,
            happened_at=at,
            claimed_at=None,
            offset_ms=None,
            received_at=at,
            happened_day=brussels_day(at),
            client_key=self._id(at),
            flags=tuple(flags),
        )
        salt = self._dice.randbytes(16)
        portion["registration"].append(
            (
                *(
                    pk,
                    fact.person,
                    fact.employer,
                    fact.declaration,
                    hand.declarer,
                    fact.workplace,
                    fact.point,
                ),
                *(fact.device, None, None, fact.kind, fact.means, at, None, None, at, fact.happened_day),
                *(fact.client_key, flags, salt),
            )
        )
        portion["leaf"].append((pk, VERSION, leaf_digest(fact, salt=salt), at))
        portion["audit"].append(
            (self._id(at), at, hand.employer, None, "registration.received", _REGISTRATION, str(pk), {})
        )
        self._submit(portion, fact, hand)
        self.count += 1

    def _submit(self, portion: dict[str, list[Row]], fact: Fact, hand: Hand) -> None:
        state = self._state(hand)
        accepted_at, nsso_id, validity = None, None, ""
        if state == ACCEPTED:
            self._nsso_id += 1
            nsso_id, accepted_at = self._nsso_id, min(self._now, fact.received_at + NSSO_TAKES)
            validity = Validity.VALID.value
            if self._dice.random() < WITH_REMARK:
                validity = self._remark(portion, fact, hand, nsso_id)
        reason = by_the_portal(Reason.WORKPLACE) if state == REFUSED else None
        pk = self._id(fact.received_at)
        portion["submission"].append(
            (
                *(pk, fact.registration, fact.person, fact.happened_at, fact.employer, hand.declarer),
                *(fact.declaration, fact.happened_day, state.value, None),
                *(nsso_id, [], accepted_at, validity, reason),
                *(None, None, "", 1 if state == ACCEPTED else 0, str(reason["reason"]) if reason else ""),
            )
        )
        if state == ACCEPTED and self._dice.random() < WITH_ATTEMPT:
            portion["attempt"].append(
                (
                    *(self._id(fact.received_at), pk, fact.received_at, self._dice.randrange(40, 400)),
                    *(REGISTER, 200, str(self._id(fact.received_at)), "", "synthetic", "created", ""),
                )
            )

    def _state(self, hand: Hand) -> SubmissionState:
        chance = self._dice.random()
        if chance < NOT_TAKEN:
            return REFUSED
        if chance < 2 * NOT_TAKEN:
            return MISCONFIGURED
        return HELD if chance < 3 * NOT_TAKEN and hand.device is None else ACCEPTED

    def _remark(self, portion: dict[str, list[Row]], fact: Fact, hand: Hand, nsso_id: int) -> str:
        """A presence with one remark, half of the older ones solved; answers its validity."""
        presence, kind = self._id(fact.received_at), nsso_type(Kind(fact.kind))
        seen = min(self._now, fact.received_at + NSSO_CHECKS_WITHIN)
        is_solved = seen + SOLVED_AFTER < self._now and self._dice.random() < 0.5
        gone_at = seen + SOLVED_AFTER if is_solved else None
        validity = Validity.VALID.value if is_solved else Validity.VALID_WITH_REMARKS.value
        portion["presence"].append(
            (
                *(presence, nsso_id, fact.registration, fact.person, fact.employer, fact.declaration),
                *(hand.reference, kind, fact.happened_at.replace(microsecond=0), fact.happened_day),
                *(validity, seen, seen, gone_at or seen),
                # By no access: the simulator knows nothing of it, and nobody shall miss it there.
                *(None, None),
            )
        )
        code = self._dice.choice(REMARKS[kind])
        portion["remark"].append(
            (
                *(self._id(seen), presence, fact.employer, fact.declaration, code.value),
                *(
                    dict(description_of(code)),
                    fact.happened_day,
                    fact.happened_day,
                    last_day(fact.happened_day),
                ),
                *(seen, gone_at or seen, gone_at, False),
            )
        )
        return validity

    def _id(self, at: datetime) -> UUID:
        """A UUID of version 7 as it would have been made at that moment (see `ciao_portal.ids`)."""
        milliseconds = int(at.timestamp() * 1000)
        chance = self._dice.getrandbits(74)
        return UUID(int=milliseconds << 80 | 7 << 76 | (chance >> 62) << 64 | 2 << 62 | chance & _62_BITS)


_62_BITS = (1 << 62) - 1
_REGISTRATION = Registration._meta.label_lower


def _tables() -> dict[str, TableWriter]:
    """In the order in which one refers to the other."""
    return {
        "registration": TableWriter(
            Registration,
            *("id", "person_id", "employer_id", "declaration_id", "declarer_id", "workplace_id", "point_id"),
            *(
                "device_id",
                "badge_id",
                "terminal_id",
                "kind",
                "means",
                "happened_at",
                "claimed_at",
                "offset_ms",
                "received_at",
            ),
            *("happened_day", "client_key", "flags", "salt"),
        ),
        "leaf": TableWriter(SealLeaf, "registration_key", "version", "digest", "created_at"),
        "audit": TableWriter(
            AuditEvent, "id", "at", "company_id", "user_id", "action", "subject_type", "subject_id", "payload"
        ),
        "submission": TableWriter(
            Submission,
            *("id", "registration_id", "person_id", "happened_at", "employer_id", "declarer_id"),
            *("declaration_id", "happened_day", "state", "credentials_id"),
            *("nsso_id", "twin_nsso_ids", "accepted_at", "validity", "refusal"),
            *("due_at", "in_flight_since", "claimed_by", "attempt_count", "last_error"),
        ),
        "attempt": TableWriter(
            Attempt,
            *("id", "submission_id", "started_at", "duration_ms", "operation", "http_status", "trace_id"),
            *("related_trace_id", "contract_version", "outcome", "detail"),
        ),
        "presence": TableWriter(
            NssoPresence,
            *("id", "nsso_id", "registration_id", "person_id", "employer_id", "declaration_id"),
            *("reference", "type", "registered_at", "day", "validity", "validated_at"),
            *("first_seen_at", "last_seen_at", "shown_by_id", "missed_since"),
        ),
        "remark": TableWriter(
            Remark,
            *("id", "presence_id", "employer_id", "declaration_id", "code", "description", "dated"),
            *("happened_day", "last_day", "first_seen_at", "last_seen_at", "gone_at", "gone_with_presence"),
        ),
    }
