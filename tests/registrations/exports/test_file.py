"""The content of an exported file, byte for byte where others rely on it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from ciao_portal.audit import Actor
from ciao_portal.models import Company
from ciao_portal.tenancy import company_scope, unscoped
from declarations.models import Subcontract
from declarations.services.chain import add_subcontract
from registrations.exports import rows as rows_module
from registrations.exports.lines import Dialect, export_parts
from registrations.exports.rows import Selection, rows_for
from registrations.models import Registration, RegistrationPlace
from registrations.rules.presence import Kind
from registrations.services.registering import register
from tests.cast import NOW, SSINS, Cast, make_worker, person
from tests.registrations.views.scene import accepted, elsewhere, remark_on
from tests.works import Works, declare, subcontract_to, tap, tap_at

pytestmark = pytest.mark.django_db
MACHINE = Dialect("en", has_machine_keys=True)
# fmt: off
KEYS = [
    "registrationId", "happenedAt", "receivedAt", "kind", "nssoType", "workerName", "ssin", "employerName",
    "enterpriseNumber", "declarationNumber", "contractualRelationshipReference", "workplace", "address",
    "means", "location", "nssoState", "nssoId", "validity", "remarks", "flags",
    "claimedAt", "offsetSeconds",
]
# fmt: on
WEEK = Selection(date(2026, 11, 17), date(2026, 11, 23))


def whole(company: Company, selection: Selection = WEEK, dialect: Dialect = MACHINE) -> bytes:
    return b"".join(export_parts(company, selection, dialect, now=NOW))


def records(
    company: Company, selection: Selection = WEEK, dialect: Dialect = MACHINE
) -> list[dict[str, str]]:
    """The lines by column; cells are unquoted naively, which the values of these tests allow."""
    head, *lines = whole(company, selection, dialect).decode("utf-8-sig").split("\r\n")[:-1]
    names = [name.strip('"') for name in head.split(";")]
    return [dict(zip(names, (cell.strip('"') for cell in line.split(";")), strict=True)) for line in lines]


@pytest.fixture
def works(cast: Cast) -> Works:
    made = declare(cast.main)
    subcontract_to(made, cast.sub)
    return made


def test_one_line_byte_for_byte(cast: Cast, works: Works) -> None:
    ada = make_worker(cast.main, SSINS[0])
    registration = tap(works, ada.person, Kind.BREAK_START).registration
    remark_on(accepted(registration, nsso_id=17611, validity="validWithRemarks"), "missingOut")
    remark_on(registration.nsso_presences.get(), "dimonaNotFound")
    remark_on(registration.nsso_presences.get(), "limosaNotFound", gone_at=NOW)
    head = ";".join(f'"{key}"' for key in KEYS)
    line = ";".join(
        [
            f'"{registration.pk}"',
            '"2026-11-23T06:02:11+01:00"',
            '"2026-11-23T06:02:11+01:00"',
            '"BREAK_START"',
            '"OUT"',
            '"Ada Voorbeeld"',
            '"85.07.30-•••.••"',
            '"Helder Main"',
            '"0206731645"',
            '"9B0ABCDEFGHJK"',
            '"1Y1003SQ5VSSZ"',
            '"Gebouw 1"',
            '"Voorbeeldstraat 1, 9000 Gent"',
            '"typed"',
            '""',
            '"accepted"',
            "17611",
            '"validWithRemarks"',
            '"dimonaNotFound, missingOut"',
            '"breakWithoutIn"',
            '""',
            "",
        ]
    )
    assert whole(cast.main) == b"\xef\xbb\xbf" + f"{head}\r\n{line}\r\n".encode()


def test_a_tap_kept_without_signal_tells_all_its_times(cast: Cast, works: Works) -> None:
    ada = make_worker(cast.main, SSINS[0])
    late = replace(
        tap_at(works, ada.person),
        kept_offline=True,
        claimed_at=NOW - timedelta(hours=8),
        offset=timedelta(seconds=-42),
    )
    register(late, now=NOW)

    (line,) = records(cast.main)

    assert line["claimedAt"] == "2026-11-22T22:02:11+01:00"
    assert line["offsetSeconds"] == "-42"
    assert line["happenedAt"] == "2026-11-22T22:01:29+01:00"
    assert line["receivedAt"] == "2026-11-23T06:02:11+01:00"
    assert "sentLate" in line["flags"]


def test_for_people_in_their_language(cast: Cast, works: Works) -> None:
    ada = make_worker(cast.main, SSINS[0])
    tap(works, ada.person)
    (line,) = records(cast.main, dialect=Dialect("en", has_full_numbers=True))
    assert line["Time"] == "23/11/2026 06:02:11"
    assert line["Registration"] == "Start"
    assert line["National number"] == "85.07.30-033.28"
    assert line["Enterprise number"] == "0206.731.645"
    assert line["Means"] == "Number typed"
    assert line["State at the NSSO"] == "Waiting"
    dutch = whole(cast.main, dialect=Dialect("nl")).decode("utf-8-sig").split("\r\n")
    assert '"Rijksregisternummer"' in dutch[0]
    assert "85.07.30-•••.••" in dutch[1]


def test_names_and_numbers_of_a_subcontractors_people_do_not_cross(cast: Cast, works: Works) -> None:
    bea = make_worker(cast.sub, SSINS[1], "Bea", "Onderaan")
    # Bea also works for the main contractor: what she does for the sub stays nameless all the same.
    make_worker(cast.main, SSINS[1], "Bea", "Hoofd")
    tap(works, bea.person, employer=cast.sub)
    full = Dialect("en", has_machine_keys=True, has_full_numbers=True)
    (seen_above,) = records(cast.main, dialect=full)
    assert (seen_above["workerName"], seen_above["ssin"]) == ("", "17.07.30-•••.••")
    (own,) = records(cast.sub, dialect=full)
    assert (own["workerName"], own["ssin"]) == ("Bea Onderaan", "17073003384")
    assert records(cast.stranger, dialect=full) == []


def test_every_visible_row_once_in_order_of_time(
    cast: Cast, works: Works, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows_module, "BLOCK", 2)
    people = [person(ssin) for ssin in SSINS[:3]]
    made = [
        tap(works, people[step % 3], employer=(cast.main, cast.sub)[step % 2], now=moment).registration
        # Two at a time in the same second, so that the order needs more than the time.
        for step, moment in enumerate(NOW - timedelta(hours=hours) for hours in (30, 30, 20, 20, 20, 5, 4))
    ]
    expected = [row.pk for row in sorted(made, key=lambda row: (row.happened_at, row.pk))]
    assert [row.id for row in rows_for(cast.main, WEEK)] == expected
    of_sub = [row.pk for row in made if row.employer_id == cast.sub.pk]
    assert {row.id for row in rows_for(cast.sub, WEEK)} == set(of_sub)


def test_down_the_chain_by_the_middle_company(
    cast: Cast, works: Works, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows_module, "BLOCK", 2)
    below_the_sub(works, cast)
    times = [NOW - timedelta(days=days) for days in (3, 2, 1, 0)]
    low = [tap(works, person(SSINS[2]), employer=cast.subsub, now=at).registration.pk for at in times]
    tap(works, person(SSINS[0]), employer=cast.main)
    assert [row.id for row in rows_for(cast.sub, WEEK)] == low
    assert [row.id for row in rows_for(cast.subsub, WEEK)] == low
    assert len(list(rows_for(cast.main, WEEK))) == 5


def below_the_sub(works: Works, cast: Cast) -> None:
    with unscoped(reason="a test looks up the sub's place"):
        parent = Subcontract.objects.get(company=cast.sub)
    with company_scope(cast.main):
        add_subcontract(
            declaration=works.declaration,
            enterprise_number=cast.subsub.enterprise_number or "",
            name=cast.subsub.name,
            parent=parent,
            starts_on=works.declaration.starts_on,
            actor=Actor(cast.main),
            now=NOW,
        )


def test_registered_elsewhere_belongs_in_it(cast: Cast, works: Works) -> None:
    here = tap(works, person(), now=NOW - timedelta(hours=2)).registration
    remark_on(elsewhere(here, nsso_id=555, at=NOW - timedelta(hours=1)), "missingOut")
    first, second = records(cast.main)
    assert first["registrationId"] == str(here.pk)
    assert second["means"] == "elsewhere"
    assert second["nssoId"] == "555"
    assert second["registrationId"] == second["receivedAt"] == second["workplace"] == ""
    assert second["happenedAt"] == "2026-11-23T05:02:11+01:00"
    assert second["remarks"] == "missingOut"
    assert [row["nssoId"] for row in records(cast.stranger)] == []


def test_the_window_is_of_brussels_days(cast: Cast, works: Works) -> None:
    late = datetime(2026, 11, 22, 22, 59, 59, tzinfo=UTC)  # one second before midnight in Brussels
    before = tap(works, person(), now=late).registration.pk
    after = tap(works, person(SSINS[1]), now=late + timedelta(seconds=1)).registration.pk
    sunday, monday = date(2026, 11, 22), date(2026, 11, 23)
    assert [row.id for row in rows_for(cast.main, Selection(sunday, sunday))] == [before]
    assert [row.id for row in rows_for(cast.main, Selection(monday, monday))] == [after]


def test_the_hour_that_comes_twice(cast: Cast, works: Works) -> None:
    summer = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    tap(works, person(), now=summer)
    tap(works, person(), Kind.OUT, now=summer + timedelta(hours=1))
    night = Selection(date(2026, 10, 25), date(2026, 10, 25))
    assert [row["happenedAt"] for row in records(cast.main, night)] == [
        "2026-10-25T02:30:00+02:00",
        "2026-10-25T02:30:00+01:00",
    ]
    assert [row["Time"] for row in records(cast.main, night, Dialect("en"))] == [
        "25/10/2026 02:30:00 +02:00",
        "25/10/2026 02:30:00 +01:00",
    ]


def test_narrowed_to_what_was_chosen(cast: Cast, works: Works) -> None:
    first = tap(works, person(), workplace=0).registration
    second = tap(works, person(SSINS[1]), workplace=1, employer=cast.sub).registration
    elsewhere(first, nsso_id=1)
    days = (WEEK.first_day, WEEK.last_day)

    def chosen(**ids: str) -> list[str]:
        return [row["registrationId"] for row in records(cast.main, Selection.of(*days, ids))]

    assert chosen(workplace=str(works.workplaces[1].pk)) == [str(second.pk)]
    assert chosen(employer=str(cast.main.pk)) == [str(first.pk), ""]
    assert chosen(declaration=str(works.declaration.pk)) == [str(first.pk), str(second.pk), ""]


def test_where_it_was_and_what_a_spreadsheet_may_not_run(cast: Cast, works: Works) -> None:
    make_worker(cast.main, SSINS[0], "=cmd|'/c calc'!A1", '"Q"')
    at_position = tap(works, person(), now=NOW - timedelta(hours=1)).registration
    at_address = tap(works, person(), Kind.OUT).registration
    place(at_position, latitude="50.850000", longitude="-4.350000")
    place(at_address, street="Kouter", house_number="12", post_code="9000", municipality="Gent")
    lines = whole(cast.main).decode("utf-8-sig").split("\r\n")
    assert '"50.850000, -4.350000"' in lines[1]
    assert '"Kouter 12, 9000 Gent"' in lines[2]
    assert '''"'=cmd|'/c calc'!A1 ""Q"""''' in lines[1]


def place(registration: Registration, **facts: str) -> None:
    RegistrationPlace(registration=registration, received_at=NOW, **facts).save(force_insert=True)


def test_nothing_is_a_header_alone(cast: Cast) -> None:
    assert whole(cast.stranger).decode("utf-8-sig").count("\r\n") == 1


@pytest.fixture
def many(cast: Cast, works: Works) -> list[Registration]:
    return [
        tap(works, person(SSINS[step % 6]), now=NOW - timedelta(hours=step + 1)).registration
        for step in range(60)
    ]


def test_ten_times_the_rows_need_no_more_queries(
    cast: Cast,
    many: list[Registration],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_max_num_queries(26):
        assert len(records(cast.main)) == 60
