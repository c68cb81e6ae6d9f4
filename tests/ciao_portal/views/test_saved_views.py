"""Saved views: kept, opened, shared, changed and deleted; nobody else's are touched."""

import pytest
from django.http import QueryDict

from ciao_portal.models import SavedView, User
from ciao_portal.tenancy import company_scope, unscoped
from ciao_portal.web.list_address import kept
from tests.cast import Cast, make_user
from tests.registrations.views.pages import text

LIST = "/workers/"


def save(cast: Cast, user: User, **fields: str) -> str:
    """Where one is led after saving."""
    form = {"next": LIST, "name": "Students", "query": "status=student&sort=-name&after=x", **fields}
    return str(cast.browser(user).post("/views/", form)["Location"])


def all_views() -> list[SavedView]:
    with unscoped(reason="a test looks at everything"):
        return list(SavedView.objects.order_by("name"))


def test_a_view_keeps_what_the_list_is_and_not_where_one_was(cast: Cast) -> None:
    led_to = save(cast, cast.office)
    [view] = all_views()
    assert (view.user, view.company, view.list_name) == (cast.office, cast.main, "workers")
    assert view.query == "sort=-name&status=student"
    assert not view.is_shared
    assert led_to == f"{LIST}?sort=-name&status=student&view={view.pk}"
    words = text(cast.browser(cast.office).get(led_to))
    assert "Students" in words
    assert "Student" in words


def test_a_name_is_used_once(cast: Cast) -> None:
    save(cast, cast.office)
    save(cast, cast.office, query="status=posted")
    [view] = all_views()
    assert view.query == "status=posted"


def test_the_usual_view_opens_with_the_list(cast: Cast) -> None:
    save(cast, cast.office, is_default="on")
    save(cast, cast.office, name="Posted", query="status=posted", is_default="on")
    posted, students = all_views()
    assert (posted.is_default, students.is_default) == (True, False)
    browser = cast.browser(cast.office)
    assert browser.get(LIST)["Location"] == f"{LIST}?status=posted&view={posted.pk}"
    # The whole list, a filter, and the part that htmx fetches are what was asked for.
    for query, headers in (("?view=none", {}), ("?q=ada", {}), ("", {"HX-Request": "true"})):
        assert browser.get(LIST + query, headers=headers).status_code == 200
    # A colleague's list opens as it is.
    assert cast.browser(cast.owner).get(LIST).status_code == 200


def test_colleagues_see_what_is_shared_and_cannot_change_it(cast: Cast) -> None:
    save(cast, cast.office, name="Mine")
    save(cast, cast.office, name="Ours", is_shared="on")
    words = text(cast.browser(cast.owner).get(LIST))
    assert "Ours" in words
    assert "Mine" not in words
    _mine, ours = all_views()
    for deed in ("", "delete/"):
        address = f"/views/{ours.pk}/{deed}"
        for user in (cast.owner, cast.sub_office, cast.stranger_office):
            assert cast.browser(user).post(address, {"name": "X", "next": LIST}).status_code == 404
    assert all_views() == [_mine, ours]
    for user in (cast.sub_office, cast.stranger_office):
        assert "Ours" not in text(cast.browser(user).get(LIST))


def test_an_auditor_keeps_views_but_shares_none(cast: Cast) -> None:
    save(cast, cast.auditor, is_shared="on")
    [view] = all_views()
    assert not view.is_shared
    browser = cast.browser(cast.auditor)
    browser.post(f"/views/{view.pk}/", {"name": "Students", "is_shared": "on", "next": LIST})
    view.refresh_from_db()
    assert not view.is_shared
    assert "Also for colleagues" not in text(browser.get(LIST))


def test_a_view_is_changed_and_deleted(cast: Cast) -> None:
    save(cast, cast.office)
    save(cast, cast.office, name="Posted")
    posted, students = all_views()
    browser = cast.browser(cast.office)
    answer = browser.post(f"/views/{students.pk}/", {"name": "Posted", "next": LIST}, follow=True)
    assert "Another of your views has this name already." in text(answer)
    browser.post(f"/views/{students.pk}/", {"name": " Job  students ", "is_default": "on", "next": LIST})
    students.refresh_from_db()
    assert (students.name, students.is_default) == ("Job students", True)
    answer = browser.post(f"/views/{posted.pk}/delete/", {"next": f"{LIST}?view=none"})
    assert answer["Location"] == f"{LIST}?view=none"
    assert all_views() == [students]


@pytest.mark.parametrize(
    "somewhere", ["https://evil.example/workers/", "//evil.example/workers/", "/settings/", ""]
)
def test_a_view_leads_to_lists_of_ours_only(cast: Cast, somewhere: str) -> None:
    browser = cast.browser(cast.office)
    assert browser.post("/views/", {"next": somewhere, "name": "X", "query": ""}).status_code == 404
    assert all_views() == []
    save(cast, cast.office)
    [view] = all_views()
    assert browser.post(f"/views/{view.pk}/delete/", {"next": somewhere})["Location"] == "/"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "  "}, "Give the view a name."),
        ({"query": f"q={'x' * 1000}"}, "These filters are too long to be saved."),
    ],
)
def test_what_cannot_be_kept_is_said(cast: Cast, fields: dict[str, str], words: str) -> None:
    form = {"next": LIST, "name": "Students", "query": "", **fields}
    answer = cast.browser(cast.office).post("/views/", form, follow=True)
    assert words in text(answer)
    assert all_views() == []


def test_somebody_of_two_companies_has_views_in_each(cast: Cast) -> None:
    both = make_user("both@main.example", cast.main)
    save(cast, both)
    with company_scope(cast.sub):
        assert not SavedView.objects.exists()


def test_what_is_kept_is_stable() -> None:
    query = QueryDict("b=2&a=1&a=3&after=x&before=y&at=2026-01-01&format=csv&view=z&empty=")
    assert kept(query) == "a=1&a=3&b=2"
    # A form sends each column by itself, a link all of them at once.
    for columns in ("columns=x&columns=y", "columns=x,y", "columns=x%2Cy"):
        assert kept(QueryDict(columns)) == "columns=x,y"
