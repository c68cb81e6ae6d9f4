"""The version of a poster counts up when the paper would say something else, and only then."""

from dataclasses import replace
from datetime import date

from declarations.rules.poster_versions import Version, fingerprint_of, version_now

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
FIRST = Version(1, MONDAY, "a")


def test_the_first_paper_is_version_one_of_its_day() -> None:
    assert version_now(None, "a", today=MONDAY) == FIRST


def test_the_same_words_keep_number_and_day() -> None:
    assert version_now(FIRST, "a", today=TUESDAY) == FIRST


def test_other_words_are_the_next_version_also_when_they_are_old_ones() -> None:
    second = version_now(FIRST, "b", today=TUESDAY)
    assert second == Version(2, TUESDAY, "b")
    assert version_now(second, "a", today=TUESDAY) == replace(FIRST, number=3, since=TUESDAY)


def test_a_fingerprint_depends_on_every_fact_and_on_no_order() -> None:
    facts = {"name": "Gebouw 1", "ends_on": date(2027, 12, 31), "number": None}
    assert fingerprint_of(facts) == fingerprint_of(dict(reversed(facts.items())))
    changed = [facts | {"name": "Gebouw 2"}, facts | {"ends_on": None}, facts | {"number": "9B0"}]
    assert len({fingerprint_of(one) for one in [facts, *changed]}) == 4
    assert len(fingerprint_of(facts)) == 64
