"""Every page of the phone in every language: nothing of it stays English, and it is read the right way."""

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import Client as Browser
from django.utils import timezone

from ciao_portal.languages import WORKER_CODES
from tests.cast import Cast
from tests.phone_scenes import Phone, Scene, Stage, build_stage

# What stands in the catalogues is the same on every database.
pytestmark = [pytest.mark.once, pytest.mark.django_db]

LETTER = re.compile(r"[^\W\d_]")
SPOKEN_ATTRIBUTES = {"alt", "aria-label", "placeholder", "title"}


class Texts(HTMLParser):
    """What a page says: its texts and the attributes that are shown or read aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.said: set[str] = set()
        # Within a button of the chooser: the name of a language stands in its own script.
        self._in_a_name = False

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_a_name = ("name", "language") in attrs
        self.said |= {value for name, value in attrs if name in SPOKEN_ATTRIBUTES and value}

    def handle_data(self, data: str) -> None:
        if not self._in_a_name and LETTER.search(data):
            self.said.add(" ".join(data.split()))


@cache
def same_in_both(language: str) -> frozenset[str]:
    """The strings that the catalogue says are the same as in English."""
    path = settings.LOCALE_PATHS[0] / language / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        return frozenset(str(one.id) for one in read_po(file) if one.id and one.id == one.string)


@pytest.fixture
def stage(cast: Cast) -> Stage:
    return build_stage(cast, now=timezone.now())


def pages(stage: Stage, language: str) -> Iterator[tuple[Scene, str]]:
    for scene in stage.scenes:
        phone = Browser(headers={"accept-language": language})
        if scene.phone in stage.secrets:
            phone.cookies["phone"] = stage.secrets[scene.phone]
        if scene.is_looked_at:
            response = phone.get(scene.address)
        else:
            response = phone.post(scene.address, scene.form, headers=scene.headers)
        if response.status_code == 303:
            response = phone.get(response["Location"])
        yield scene, response.content.decode()


def said(page: str) -> set[str]:
    texts = Texts()
    texts.feed(page)
    return texts.said


@pytest.fixture(scope="module")
def english() -> dict[str, set[str]]:
    """What every page says in English: filled by whichever test comes first, the same for all."""
    return {}


@pytest.mark.parametrize("language", [code for code in WORKER_CODES if code != "en"])
def test_nothing_stays_english_and_the_direction_is_right(
    stage: Stage, english: dict[str, set[str]], language: str
) -> None:
    if not english:
        english.update((scene.name, said(page)) for scene, page in pages(stage, "en"))
    spoken = list(pages(stage, language))
    ours = re.compile("|".join(map(re.escape, sorted(stage.data, key=len, reverse=True))))
    direction = "rtl" if language == "ar" else "ltr"

    head = f'<html lang="{language}" dir="{direction}">'
    assert [scene.name for scene, page in spoken if head not in page] == []
    left = {
        (scene.name, text)
        for scene, page in spoken
        for text in said(page) & english[scene.name]
        if LETTER.search(ours.sub("", text)) and text not in same_in_both(language)
    }
    assert sorted(left) == []


def test_the_scenes_show_what_they_are_named_for(stage: Stage) -> None:
    shown = {scene.name: page for scene, page in pages(stage, "en")}

    assert "Hello Ada" in shown["point, own phone"]
    assert "More than one company uses this number." in shown["code 9B0ABCDEFGHJK"]
    assert "When did you stop?" in shown["everything asked"]
    assert "For which company do you work here?" in shown["everything asked"]
    assert "Where are you now?" in shown["everything asked"]
    assert "The NSSO has it, no. 17611" in shown["confirmation, accepted"]
    assert len({page.split("<body>")[1] for page in shown.values()}) == len(shown)
    assert {scene.phone for scene in stage.scenes} == set(Phone)
