"""Reading pages as people and machines do: their words, the rows of their lists, their links."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Protocol

Attributes = dict[str, str | None]


class Page(Protocol):
    @property
    def content(self) -> bytes: ...


class Served(Page, Protocol):
    """A page with its headers."""

    @property
    def headers(self) -> Mapping[str, str]: ...


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[tuple[str, Attributes]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def _read(page: Page) -> _Reader:
    reader = _Reader()
    reader.feed(page.content.decode())
    return reader


def text(page: Page) -> str:
    """The words of the page, separated by single spaces."""
    return re.sub(r"\s+", " ", " ".join(_read(page).words)).strip()


def rows(page: Page, list_name: str) -> list[Attributes]:
    """The attributes of the rows of the page's list, which must be there (an empty one is no table)."""
    tags = _read(page).tags
    tables = [attributes for tag, attributes in tags if tag == "table"]
    assert all(table.get("data-list") == list_name for table in tables), tables
    return [attributes for tag, attributes in tags if tag == "tr" and "data-id" in attributes]


def links(page: Page, id_: str) -> list[str]:
    """Where the element with this id leads to; empty when it is not there."""
    return [str(attributes["href"]) for _tag, attributes in _read(page).tags if attributes.get("id") == id_]


def turn(page: Page, way: str) -> str:
    """The address of the page before (`prev`) or after (`next`); empty at an end of the list."""
    found = (attributes["href"] for _tag, attributes in _read(page).tags if attributes.get("rel") == way)
    return next((str(address) for address in found if address), "")
