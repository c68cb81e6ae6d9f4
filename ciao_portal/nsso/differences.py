"""How two descriptions of an interface (OpenAPI 3) differ, in what a program can notice.

Texts, examples and names of components play no part: each is followed to what it stands for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import NamedTuple

Facts = dict[str, str]

METHODS = ("get", "put", "post", "patch", "delete", "head", "options")
_PLAIN = (
    *(
        "type",
        "format",
        "pattern",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
    ),
    *("minLength", "maxLength", "minItems", "maxItems", "uniqueItems", "nullable", "default"),
)
# Deeper than any message goes; it ends schemas that contain themselves.
_DEEPEST = 20


class Difference(NamedTuple):
    """One fact: where it stands, and what each description says of it; None when it says nothing."""

    place: str
    ours: str | None
    theirs: str | None


def differences(ours: Mapping[str, object], theirs: Mapping[str, object]) -> list[Difference]:
    """All differences in order of their places. Raises ``ValueError`` when one is no description."""
    left, right = facts(ours), facts(theirs)
    return [
        Difference(place, left.get(place), right.get(place))
        for place in sorted(left.keys() | right.keys())
        if left.get(place) != right.get(place)
    ]


def facts(document: Mapping[str, object]) -> Facts:
    """Everything a program can notice, by its place: ``POST /x request items[].ssin pattern``."""
    paths = document.get("paths")
    if not isinstance(paths, dict):
        raise ValueError("this is no OpenAPI description: it has no paths")
    reader = _Reader(document)
    return dict(fact for path, item in paths.items() for fact in reader.path(path, item))


class _Reader:
    def __init__(self, document: Mapping[str, object]) -> None:
        self._document = document

    def path(self, path: str, item: object) -> Iterator[tuple[str, str]]:
        found = self._followed(item)
        shared = _rows(found, "parameters")
        for method in METHODS:
            if method in found:
                place = f"{method.upper()} {path}"
                yield place, "there"
                yield from self._operation(place, self._followed(found[method]), shared)

    def _operation(
        self, place: str, operation: Mapping[str, object], shared: list[object]
    ) -> Iterator[tuple[str, str]]:
        for one in (*shared, *_rows(operation, "parameters")):
            parameter = self._followed(one)
            where = f"{place} {parameter.get('in')} {parameter.get('name')}"
            yield where, "required" if parameter.get("required") else "optional"
            yield from self._schema(where, parameter.get("schema"))
        body = self._followed(operation.get("requestBody"))
        yield from self._content(f"{place} request", body)
        for status, response in self._followed(operation.get("responses")).items():
            where = f"{place} {status}"
            answer = self._followed(response)
            yield where, "there"
            for name in self._followed(answer.get("headers")):
                yield f"{where} header {name}", "there"
            yield from self._content(where, answer)

    def _content(self, place: str, holder: Mapping[str, object]) -> Iterator[tuple[str, str]]:
        for media_type, content in self._followed(holder.get("content")).items():
            yield f"{place} {media_type}", "there"
            yield from self._schema(place, self._followed(content).get("schema"))

    def _schema(self, place: str, schema: object, depth: int = 0) -> Iterator[tuple[str, str]]:
        found = self._merged(schema)
        if depth > _DEEPEST or not found:
            return
        for name in _PLAIN:
            if name in found:
                yield f"{place} {name}", json.dumps(found[name], default=str)
        if values := _rows(found, "enum"):
            yield f"{place} enum", ", ".join(sorted(map(str, values)))
        if found.get("additionalProperties") is False:
            yield f"{place} other members", "refused"
        yield from self._schema(f"{place}[]", found.get("items"), depth + 1)
        for index, choice in enumerate((*_rows(found, "oneOf"), *_rows(found, "anyOf")), start=1):
            yield from self._schema(f"{place} choice {index}", choice, depth + 1)
        required = _rows(found, "required")
        for name, member in self._followed(found.get("properties")).items():
            where = f"{place}.{name}"
            yield where, "required" if name in required else "optional"
            yield from self._schema(where, member, depth + 1)

    def _merged(self, schema: object) -> dict[str, object]:
        """The schema with what ``allOf`` adds to it."""
        found = dict(self._followed(schema))
        for part in _rows(found, "allOf"):
            added = self._merged(part)
            properties = {
                **self._followed(added.get("properties")),
                **self._followed(found.get("properties")),
            }
            required = [*_rows(added, "required"), *_rows(found, "required")]
            found = {**added, **found, "properties": properties, "required": required}
        return found

    def _followed(self, value: object) -> Mapping[str, object]:
        """The object, or the one its ``$ref`` leads to within the document; nothing for anything else."""
        for _ in range(_DEEPEST):
            if not isinstance(value, dict):
                return {}
            reference = value.get("$ref")
            if not isinstance(reference, str):
                return value
            value = self._at(reference)
        return {}

    def _at(self, reference: str) -> object:
        if not reference.startswith("#/"):
            raise ValueError(f"{reference} is in another file: bundle the description into one file first")
        place: object = self._document
        for part in reference.removeprefix("#/").split("/"):
            name = part.replace("~1", "/").replace("~0", "~")
            place = place.get(name) if isinstance(place, dict) else None
        return place


def _rows(holder: Mapping[str, object], name: str) -> list[object]:
    value = holder.get(name)
    return value if isinstance(value, list) else []
