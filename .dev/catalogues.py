"""The catalogues: complete, nothing fuzzy, the same strings as the code. `--update` collects new strings.

The office's languages hold every string, the further languages of cleaners only what a cleaner can see.
Without `--update` nothing is written: the strings are collected from a copy of the sources.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("nl", "fr", "de")
CLEANERS_LANGUAGES = ("pl", "pt", "ro", "bg", "es", "it", "tr", "uk", "ru", "ar", "sq")
# What a cleaner can see: the pages, their code, and the modules whose refusals reach them. Of a module that
# mostly speaks to the office, only the named functions.
CLEANERS_SOURCES: dict[str, tuple[str, ...]] = {
    "templates/phone/**/*.html": (),
    "templates/kiosk/**/*.html": (),
    "registrations/phone/**/*.py": (),
    "registrations/kiosk/**/*.py": (),
    "registrations/services/pairing.py": (),
    "registrations/services/pairing_codes.py": (),
    "registrations/services/places.py": (),
    "registrations/services/provider_pairing.py": (),
    "registrations/services/statements.py": (),
    "registrations/services/agreements.py": (),
    "registrations/services/errors.py": ("report_error",),
    "registrations/services/terminals.py": ("open_link", "_unknown_link"),
    # What is printed or sent in a worker's own language.
    "registrations/information.py": (),
    "registrations/models/errors.py": (),
    "registrations/views/information.py": ("_sheet", "_text"),
    "templates/registrations/_letter.html": (),
    "declarations/messages.py": (),
    "ciao_portal/days.py": ("check_window",),
    "ciao_portal/identifiers.py": ("parse_ssin", "_birth_year", "_parse_reference"),
    "declarations/rules/codes.py": (),
}
# The public status line of a company lives on the phone's layout, but speaks to the office's customers.
NOT_FOR_CLEANERS = {"status.html", "status_unknown.html"}
SOURCES = ("ciao_portal", "declarations", "registrations", "templates", "manage.py")
# The order of source lines says nothing to a translator and would change with every commit.
COLLECT = ("makemessages", "--no-location", "--no-obsolete", "--no-wrap")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


def collect(root: Path) -> None:
    """Run Django's makemessages in `root` for pages and code, for the office's languages."""
    ignored = ("--ignore=var", "--ignore=.venv", "--ignore=tests")
    make_messages([sys.executable, "manage.py", *COLLECT, *ignored], LANGUAGES, root)


def collect_for_cleaners(root: Path) -> None:
    """The same for the further languages of cleaners, from a folder with their sources and nothing else."""
    with tempfile.TemporaryDirectory(prefix="ciao-cleaners-") as folder:
        copy = Path(folder)
        copy_cleaners_sources(copy)
        places = {language: copy / "locale" / language / "LC_MESSAGES" for language in CLEANERS_LANGUAGES}
        for language, place in places.items():
            place.mkdir(parents=True)
            if (known := catalogue_path(root, language)).exists():
                shutil.copy(known, place)
        make_messages([sys.executable, "-m", "django", *COLLECT], CLEANERS_LANGUAGES, copy)
        for language, place in places.items():
            catalogue_path(root, language).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(place / "django.po", catalogue_path(root, language))


def copy_cleaners_sources(target: Path) -> None:
    for pattern, functions in CLEANERS_SOURCES.items():
        for source in sorted(ROOT.glob(pattern)):
            if source.name not in NOT_FOR_CLEANERS:
                text = source.read_text(encoding="utf-8")
                place = target / source.relative_to(ROOT)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(only(functions, text) if functions else text, encoding="utf-8")


def only(functions: tuple[str, ...], text: str) -> str:
    """The source of these functions of a module, and no other."""
    named = {node.name: node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}
    return "\n\n".join(ast.get_source_segment(text, named[name]) or "" for name in functions)


def make_messages(command: list[str], languages: tuple[str, ...], folder: Path) -> None:
    # In a folder of sources alone, Django collects without the portal's settings.
    env = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    locales = [f"--locale={one}" for one in languages]
    result = subprocess.run(
        [*command, *locales], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise SystemExit(f"makemessages failed:\n{result.stdout}{result.stderr}")


def catalogue_path(root: Path, language: str) -> Path:
    return root / "ciao_portal" / "locale" / language / "LC_MESSAGES" / "django.po"


def read(path: Path, language: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language)


def texts(value: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def complaints(message: Message) -> Iterator[str]:
    name = texts(message.id)[0]
    translations = texts(message.string or "")
    if message.fuzzy:
        yield f"fuzzy: {name!r}"
    if not all(translations):
        yield f"not translated: {name!r}"
        return
    wanted = set().union(*(PLACEHOLDER.findall(text) for text in texts(message.id)))
    for translation in translations:
        strange = set(PLACEHOLDER.findall(translation)) - wanted
        if strange:
            yield f"placeholder {', '.join(sorted(strange))} is not in the original: {name!r}"
    lost = wanted - set().union(*(PLACEHOLDER.findall(text) for text in translations))
    if lost:
        yield f"placeholder {', '.join(sorted(lost))} is lost: {name!r}"


def keys(catalogue: Catalog) -> set[tuple[str | None, str]]:
    return {(message.context, texts(message.id)[0]) for message in catalogue if message.id}


def check_language(language: str, collected_root: Path) -> Iterator[str]:
    path = catalogue_path(ROOT, language)
    if not path.exists():
        yield "the catalogue is missing"
        return
    catalogue = read(path, language)
    if catalogue.fuzzy:
        yield "the header is marked fuzzy, so the whole catalogue would be left out"
    for message in catalogue:
        if message.id:
            yield from complaints(message)
    in_sources = keys(read(catalogue_path(collected_root, language), language))
    for _context, text in sorted(in_sources - keys(catalogue), key=str):
        yield f"in the sources, not in the catalogue: {text!r}"
    for _context, text in sorted(keys(catalogue) - in_sources, key=str):
        yield f"in the catalogue, no longer in the sources: {text!r}"


def check() -> int:
    with tempfile.TemporaryDirectory(prefix="ciao-catalogues-") as folder:
        copy = Path(folder)
        for name in SOURCES:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
            else:
                shutil.copy(source, copy / name)
        collect(copy)
        for language in CLEANERS_LANGUAGES:
            shutil.rmtree(catalogue_path(copy, language).parent, ignore_errors=True)
        collect_for_cleaners(copy)
        languages = (*LANGUAGES, *CLEANERS_LANGUAGES)
        found = [f"{language}: {line}" for language in languages for line in check_language(language, copy)]
    for line in found:
        print(line)
    if found:
        print(f"{len(found)} complaints. `make catalogues` collects new strings into ciao_portal/locale.")
    return 1 if found else 0


def main() -> int:
    if "--update" in sys.argv[1:]:
        collect(ROOT)
        collect_for_cleaners(ROOT)
        return 0
    return check()


if __name__ == "__main__":
    sys.exit(main())
