"""Loading and giving out the table of meanings: what the NSSO's codes and validities mean, as a file of JSON.

The day the NSSO's own list is known, it becomes a file and not a change of code. The format stands in
docs/nsso.md.
"""

import json
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ciao_portal.errors import DomainError
from ciao_portal.languages import CODES
from registrations.meanings import forget_table
from registrations.models import MeaningKind, NssoMeaning
from registrations.remarks import MEANINGS, Path, Request
from registrations.wording import SIGNAL_ICONS, VALIDITY_BADGES

LONGEST_CODE = {MeaningKind.REMARK: 60, MeaningKind.VALIDITY: 40}
LISTS = {"remarks": MeaningKind.REMARK, "validities": MeaningKind.VALIDITY}
KNOWN = {MeaningKind.REMARK: set(MEANINGS), MeaningKind.VALIDITY: set(VALIDITY_BADGES)}
WORDS = {MeaningKind.REMARK: ("title", "action", "why"), MeaningKind.VALIDITY: ("title",)}
CHOICES: Mapping[MeaningKind, Mapping[str, frozenset[str]]] = {
    MeaningKind.REMARK: {
        "request": frozenset(one.value for one in Request),
        "path": frozenset(one.value for one in Path),
    },
    MeaningKind.VALIDITY: {"signal": frozenset(SIGNAL_ICONS)},
}
NEEDED = {MeaningKind.REMARK: ("title", "request"), MeaningKind.VALIDITY: ("title", "signal")}


def meanings_as_text() -> str:
    """The loaded table in the format that `load_meanings` reads."""
    document: dict[str, list[dict[str, Any]]] = {name: [] for name in LISTS}
    for row in NssoMeaning.objects.all():
        name = next(name for name, kind in LISTS.items() if kind == row.kind)
        given = {"code": row.code, "knownAs": row.known_as, **row.words}
        given |= {"request": row.request, "path": row.path, "signal": row.signal}
        document[name].append({key: value for key, value in given.items() if value})
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def load_meanings(text: str) -> int:
    """Replace the table by what the text says; answers how many entries that are.

    Raises DomainError `meanings.unreadable` or `meanings.wrong` with every fault and its entry; nothing has
    changed then.
    """
    rows, faults = _read(_document(text))
    if faults:
        raise DomainError("meanings.wrong", "\n".join(faults))
    with transaction.atomic():
        NssoMeaning.objects.all().delete()
        NssoMeaning.objects.bulk_create(rows)
    forget_table()
    return len(rows)


def _document(text: str) -> Mapping[str, Any]:
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise DomainError(
            "meanings.unreadable",
            _("Line %(line)s, column %(column)s: this is not JSON."),
            params={"line": error.lineno, "column": error.colno},
        ) from error
    if not isinstance(document, dict) or not all(isinstance(document.get(name, []), list) for name in LISTS):
        raise DomainError(
            "meanings.unreadable", _("The file must be one object with the lists “remarks” and “validities”.")
        )
    return document


def _read(document: Mapping[str, Any]) -> tuple[list[NssoMeaning], list[str]]:
    rows: dict[tuple[str, str], NssoMeaning] = {}
    faults = [
        _("“%(name)s” is neither “remarks” nor “validities”.") % {"name": name}
        for name in document
        if name not in LISTS
    ]
    for name, kind in LISTS.items():
        for number, entry in enumerate(document.get(name, []), start=1):
            code = str(entry.get("code", "")) if isinstance(entry, dict) else ""
            found = list(_faults(kind, entry))
            if (kind, code) in rows:
                found.append(_("the code stands here a second time"))
            where = _("%(list)s, entry %(number)s") % {"list": name, "number": number}
            where += f" ({code})" if code else ""
            faults += [f"{where}: {fault}" for fault in found]
            if not found:
                rows[kind, code] = _row(kind, entry)
    return list(rows.values()), faults


def _faults(kind: MeaningKind, entry: object) -> Iterator[str]:
    """What is wrong with one entry, in words."""
    if not isinstance(entry, dict):
        yield _("it is not an object")
        return
    code = entry.get("code")
    if not isinstance(code, str) or not 0 < len(code) <= LONGEST_CODE[kind]:
        yield _("“code” must be a text of 1 to %(most)s characters") % {"most": LONGEST_CODE[kind]}
    allowed = {"code", "knownAs", *WORDS[kind], *CHOICES[kind]}
    for key in entry.keys() - allowed:
        yield _("“%(key)s” is not known here; known are: %(known)s") % {
            "key": key,
            "known": ", ".join(sorted(allowed)),
        }
    known_as = entry.get("knownAs")
    if known_as is not None and not _is_one_of(known_as, KNOWN[kind]):
        yield _("“knownAs” must be one of: %(known)s") % {"known": ", ".join(sorted(KNOWN[kind]))}
    if known_as is None:
        for key in NEEDED[kind]:
            if key not in entry:
                yield _("without “knownAs” it needs “%(key)s”") % {"key": key}
    yield from _faults_of_words(entry, WORDS[kind])
    for key, choices in CHOICES[kind].items():
        if key in entry and not _is_one_of(entry[key], choices):
            yield _("“%(key)s” must be one of: %(known)s") % {
                "key": key,
                "known": ", ".join(sorted(choices)),
            }


def _is_one_of(value: object, known: Container[str]) -> bool:
    return isinstance(value, str) and value in known


def _faults_of_words(entry: Mapping[str, Any], keys: Iterable[str]) -> Iterator[str]:
    for key in keys:
        given = entry.get(key, dict.fromkeys(CODES, "-"))
        languages = given if isinstance(given, dict) else {}
        if set(languages) != set(CODES) or not all(
            isinstance(text, str) and text.strip() for text in languages.values()
        ):
            yield _("“%(key)s” must be an object with a text for each of: %(languages)s") % {
                "key": key,
                "languages": ", ".join(CODES),
            }


def _row(kind: MeaningKind, entry: Mapping[str, Any]) -> NssoMeaning:
    return NssoMeaning(
        kind=kind,
        code=entry["code"],
        known_as=entry.get("knownAs", ""),
        words={key: entry[key] for key in WORDS[kind] if key in entry},
        **{key: entry[key] for key in CHOICES[kind] if key in entry},
    )
