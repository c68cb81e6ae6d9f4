"""`/settings/audit/`: who did, saw and revealed what, for those who may know."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ciao_portal import audit
from ciao_portal.audit import ACTIONS, Actor
from ciao_portal.companies import change_company
from ciao_portal.members import change_role
from ciao_portal.models import AuditEvent, Membership, Role
from ciao_portal.tenancy import company_scope
from ciao_portal.trail import DETAILS, GROUPS
from ciao_portal.web.lists import PAGE_SIZE
from registrations.services.workers import reveal_number
from tests.cast import SSINS, Cast, make_worker
from tests.queries import at_most_queries
from tests.registrations.views.pages import rows, text
from tests.scene import one_of_everything

AUDIT = "/settings/audit/"


def test_every_action_belongs_to_a_group() -> None:
    assert set(ACTIONS) == {action for group in GROUPS for action in group.actions}
    assert set(DETAILS) <= set(ACTIONS)


@pytest.fixture
def day(cast: Cast) -> None:
    """The owner changed a role and the company, the office looked at a number, a worker registered."""
    one_of_everything(cast)
    now, owner = timezone.now(), Actor(cast.main, cast.owner)
    colleague = Membership.objects.get(user=cast.auditor)
    change_role(membership=colleague, role=Role.OFFICE, actor=owner, now=now)
    change_role(membership=colleague, role=Role.AUDITOR, actor=owner, now=now)
    facts = {"name": "Helder Main", "language": "fr", "contact_email": "", "contact_phone": "02 123"}
    change_company(company=cast.main, facts=facts, actor=owner, now=now)
    worker = make_worker(cast.main, SSINS[1], "Ans", "Gezien")
    with company_scope(cast.main):
        reveal_number(employment=worker, actor=Actor(cast.main, cast.office), now=now)
    with company_scope(cast.sub):
        other = make_worker(cast.sub, SSINS[2], "Bea", "Elders")
        reveal_number(employment=other, actor=Actor(cast.sub, cast.sub_office), now=now)


@pytest.mark.usefixtures("day")
def test_who_did_what_about_what(cast: Cast) -> None:
    page = cast.browser(cast.auditor).get(AUDIT)
    words = text(page)
    assert b'class="back-link" href="/settings/"' in page.content
    for expected in (
        "National number revealed Ans Gezien",
        "Role of a person changed Office → Auditor (reads only)",
        "Company details changed Language, Telephone",
        "Invitation sent Office new@main.example",
        "office@main.example",
    ):
        assert expected in words, expected
    for unexpected in ("Bea Elders", "office@sub.example", "Registration received", SSINS[1]):
        assert unexpected not in words, unexpected
    with company_scope(cast.main):
        seen = AuditEvent.objects.get(action="ssin.revealed", company=cast.main)
    assert f"/workers/{seen.subject_id}/" in page.content.decode()


@pytest.mark.usefixtures("day")
def test_what_phones_did_is_there_when_asked_for(cast: Cast) -> None:
    words = text(cast.browser(cast.owner).get(f"{AUDIT}?source=all"))
    assert "A worker's phone Registration received" in words
    assert "A worker's phone Phone paired" in words
    assert "The portal itself" in words


@pytest.mark.usefixtures("day")
@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ("group=seen", "National number revealed", "Company details changed"),
        ("group=people", "Company details changed", "National number revealed Ans"),
        ("person={office}", "National number revealed Ans", "Company details changed"),
        ("from_day={tomorrow}", "Nothing fits these filters", "Ans Gezien"),
        ("to_day={yesterday}", "Nothing fits these filters", "Ans Gezien"),
        ("from_day={today}&to_day={today}", "Ans Gezien", "Nothing fits these filters"),
    ],
)
def test_filters(cast: Cast, query: str, there: str, gone: str) -> None:
    today = timezone.localdate()
    days = {"today": today, "tomorrow": today + timedelta(days=1), "yesterday": today - timedelta(days=1)}
    words = text(cast.browser(cast.owner).get(f"{AUDIT}?{query.format(office=cast.office.pk, **days)}"))
    # The words of the filters themselves stand on every page.
    listed = words[words.index("Clear all") :]
    assert there in listed
    assert gone not in listed


@pytest.mark.usefixtures("day")
def test_colleagues_are_offered_and_nobody_else(cast: Cast) -> None:
    page = cast.browser(cast.owner).get(AUDIT).content.decode()
    assert str(cast.office.pk) in page
    assert str(cast.sub_office.pk) not in page


def test_the_office_does_not_read_it(cast: Cast) -> None:
    assert cast.browser(cast.office).get(AUDIT).status_code == 403
    assert AUDIT not in cast.browser(cast.office).get("/settings/").content.decode()


@pytest.mark.parametrize(
    ("full", "words"),
    [(True, "Registrations exported with national numbers in full"), (False, "Registrations exported")],
)
def test_an_export_tells_whether_it_held_full_numbers(cast: Cast, *, full: bool, words: str) -> None:
    payload = {"fullNumbers": full}
    office = Actor(cast.main, cast.office)
    audit.record("export.made", cast.main, actor=office, now=timezone.now(), payload=payload)
    listed = text(cast.browser(cast.owner).get(AUDIT))
    assert words in listed
    assert ("in full" in listed) is full


def test_an_event_about_something_that_is_gone(cast: Cast) -> None:
    worker = make_worker(cast.main, SSINS[1], "Ans", "Gezien")
    audit.record("employment.created", worker, actor=Actor(cast.main, cast.owner), now=timezone.now())
    with company_scope(cast.main):
        worker.delete()
    browser = cast.browser(cast.owner)
    assert "Worker added" in text(browser.get(AUDIT))
    assert "Ans" not in text(browser.get(AUDIT))


@pytest.mark.usefixtures("day")
def test_few_queries_for_a_full_page(cast: Cast) -> None:
    worker = make_worker(cast.main, SSINS[3])
    for _ in range(60):
        audit.record("ssin.revealed", worker, actor=Actor(cast.main, cast.office), now=timezone.now())
    browser = cast.browser(cast.owner)
    with at_most_queries(12):
        page = browser.get(AUDIT)
    assert len(rows(page, "audit")) == PAGE_SIZE
    assert b"Older" in page.content
