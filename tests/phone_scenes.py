"""Every page a cleaner can come to, with the state that shows most of it.

Walked through in every language and by the checks of accessibility: a new page gets a scene here.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum
from uuid import uuid4

from ciao_portal.audit import Actor
from ciao_portal.models import Person
from ciao_portal.tenancy import company_scope
from registrations.models import Registration
from registrations.models.nsso import Submission, SubmissionState
from registrations.rules.flags import Doubt
from registrations.rules.presence import Kind
from registrations.services.cards import IssuedCard, issue_cards
from registrations.services.pairing import offer_pairing, pair_phone
from registrations.services.registering import register
from tests.cast import SSINS, Cast, make_worker
from tests.works import Works, declare, subcontract_to, tap, tap_at

STOPPED_HOURS_AGO = timedelta(hours=20)


class Phone(Enum):
    """Whose phone looks at a scene."""

    STRANGER = "stranger"
    PAIRED = "paired"
    # Of somebody who forgot to check out yesterday.
    FORGETFUL = "forgetful"


@dataclass(frozen=True, slots=True)
class Scene:
    """An address, and what is posted to it (nothing: it is looked at)."""

    name: str
    address: str
    phone: Phone = Phone.STRANGER
    form: dict[str, str] | None = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def is_looked_at(self) -> bool:
        return self.form is None


@dataclass(frozen=True, slots=True)
class Stage:
    """The scenes, the secrets that make a phone somebody's own, and the words that are data, not ours."""

    scenes: list[Scene]
    secrets: dict[Phone, str]
    data: set[str]


def build_stage(cast: Cast, *, now: datetime) -> Stage:
    """Two works (one with several workplaces and companies), two paired people, a tap in every state."""
    works = declare(cast.main, now=now)
    subcontract_to(works, cast.sub, now=now)
    other = declare(cast.sub, workplaces=1, technical_reference="1Y1003SQ5VSS0", now=now)
    ended = declare(cast.subsub, declared_number="", ends_on=(now - timedelta(days=2)).date(), now=now)
    ada, bo = (
        make_worker(cast.main, ssin, name, now=now).person
        for ssin, name in zip(SSINS, ("Ada", "Bo"), strict=False)
    )
    secrets = {Phone.PAIRED: _own_phone(cast, ada, now), Phone.FORGETFUL: _own_phone(cast, bo, now)}
    tap(works, bo, Kind.IN, now=now - STOPPED_HOURS_AGO)
    doubtful = register(
        replace(
            tap_at(works, bo),
            point=works.point(None),
            flags=frozenset({Doubt.EMPLOYER_ASSUMED, Doubt.WORKPLACE_ASSUMED}),
        ),
        now=now,
    )
    card = _card(cast, ada, now)
    return Stage(
        [
            Scene("ended contract", f"/r/{ended.point().code}/"),
            *_points(works, used_link=_used_link(cast, ada, now), new_link=_link(cast, ada, now)),
            *_confirmations(works, ada, now),
            *_questions(works, doubtful.registration),
            *_own_pages(works, doubtful.registration),
            *_other_ways(card.secret),
        ],
        secrets,
        {
            "Ada",
            "Bo",
            cast.main.name,
            cast.sub.name,
            cast.subsub.name,
            works.declaration.title,
            *(place.name for one in (works, other) for place in one.workplaces),
        },
    )


def _points(works: Works, *, used_link: str, new_link: str) -> list[Scene]:
    here, anywhere = f"/r/{works.point().code}/", f"/r/{works.point(None).code}/"
    tapped = {"action": "IN", "client_key": str(uuid4()), "key_origin": "page"}
    return [
        Scene("point", here),
        Scene("point, all to choose", anywhere),
        Scene("point, own phone", here, Phone.PAIRED),
        Scene("nothing typed", here, form=tapped),
        Scene("no button", here, form={"ssin": SSINS[2]}),
        *(
            Scene(f"number {typed}", here, form=tapped | {"ssin": typed})
            for typed in ("850730", "85933003328", "85073000028", "85023003328", "60010100186", "85073003329")
        ),
        Scene("typed earlier", here, form=tapped | {"ssin": SSINS[3]}),
        Scene("another website", here, form=tapped, headers={"sec-fetch-site": "cross-site"}),
        Scene("type the code", "/r/"),
        Scene("type the code, own phone", "/r/", Phone.PAIRED),
        *(
            Scene(f"code {code}", "/r/", form={"code": code})
            for code in (
                "kapot",
                "UUUUUUUUUU",
                "AAAAAAAAAA",
                "0000000000",
                "9B0",
                "9B0ABCDEFGHJK12",
                "9B0ABCDEFGHJ0",
                "9B0ABCDEFGHJK",
            )
        ),
        Scene("unknown code", "/r/0000000000/"),
        Scene("mine, of nobody", "/me/"),
        Scene("mine", "/me/", Phone.PAIRED),
        Scene("pairing", new_link),
        Scene("pairing, phone of another", new_link, Phone.FORGETFUL),
        Scene("pairing, used", used_link),
        Scene("pairing, unknown", "/p/unknown/"),
    ]


def _confirmations(works: Works, person: Person, now: datetime) -> list[Scene]:
    states = SubmissionState
    kinds = (Kind.IN, Kind.BREAK_START, Kind.BREAK_END, Kind.OUT, Kind.IN)
    shown = (states.WAITING, states.ACCEPTED, states.REFUSED, states.HELD, states.NOT_DUE)
    scenes = []
    for step, (kind, state) in enumerate(zip(kinds, shown, strict=True), start=1):
        made = tap(works, person, kind, now=now - timedelta(minutes=8 - step)).registration
        Submission.objects.filter(registration=made).update(
            state=state, nsso_id=17611 if state == states.ACCEPTED else None
        )
        scenes.append(Scene(f"confirmation, {state}", f"/r/{works.point().code}/{made.pk}/", Phone.PAIRED))
    return [*scenes, Scene("confirmation, unknown", f"/r/{works.point().code}/{uuid4()}/")]


def _questions(works: Works, doubtful: Registration) -> list[Scene]:
    address = f"/r/{works.point().code}/{doubtful.pk}/"
    answer = f"{address}answer/"
    return [
        Scene("everything asked", address, Phone.FORGETFUL),
        Scene("impossible stop", answer, Phone.FORGETFUL, {"stopped": "99:99"}),
    ]


def _own_pages(works: Works, doubtful: Registration) -> list[Scene]:
    """What is one's own on a paired phone; the last answers of each form are refused."""
    today = {"day": doubtful.happened_day.isoformat(), "registration": str(doubtful.pk), "kind": "time"}
    return [
        Scene("how to register", "/me/agreements/", Phone.PAIRED),
        Scene(
            "a forbidden answer", "/me/agreements/", Phone.PAIRED, {"subject": "place", "answer": "perhaps"}
        ),
        Scene("report an error", "/me/report/", Phone.FORGETFUL),
        Scene("report a day to come", "/me/report/", Phone.FORGETFUL, today | {"day": "2999-01-01"}),
        Scene("own file", "/me/file/", Phone.PAIRED),
        Scene("own file, too long", "/me/file/registrations.pdf?from=2020-01-01&to=2026-01-01", Phone.PAIRED),
        Scene(
            "address nowhere",
            f"/r/{works.point().code}/{doubtful.pk}/place/",
            Phone.FORGETFUL,
            {"street": ""},
        ),
    ]


def _other_ways(card_secret: str) -> list[Scene]:
    """A card, a code, no signal, practice."""
    return [
        Scene("card", f"/c/{card_secret}/"),
        Scene("own card", f"/c/{card_secret}/", Phone.PAIRED),
        Scene("card of another", f"/c/{card_secret}/", Phone.FORGETFUL),
        Scene("card, unknown", "/c/unknown/"),
        Scene("number and code", "/p/"),
        Scene("number and wrong code", "/p/", form={"ssin": SSINS[0], "code": "000000"}),
        Scene("no signal", "/r/offline/"),
        Scene("hand over", "/r/hand-over/"),
        Scene("take over", "/r/take-over/"),
        Scene("practice", "/practice/"),
        Scene("practice, wrong number", "/practice/", form={"action": "IN", "ssin": "1"}),
        Scene("practice, done", "/practice/", form={"action": "IN", "ssin": SSINS[0]}),
    ]


def _card(cast: Cast, person: Person, now: datetime) -> IssuedCard:
    with company_scope(cast.main):
        return issue_cards(company=cast.main, people=[person], actor=Actor(cast.main), now=now)[0]


def _link(cast: Cast, person: Person, now: datetime) -> str:
    with company_scope(cast.main):
        secret = offer_pairing(company=cast.main, person=person, actor=Actor(cast.main), now=now)
    return f"/p/{secret}/"


def _used_link(cast: Cast, person: Person, now: datetime) -> str:
    address = _link(cast, person, now)
    pair_phone(secret=address.split("/")[2], label="", now=now)
    return address


def _own_phone(cast: Cast, person: Person, now: datetime) -> str:
    secret = _link(cast, person, now).split("/")[2]
    return pair_phone(secret=secret, label="", now=now)
