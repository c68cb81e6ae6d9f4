"""The catalogues: complete, nothing fuzzy, the same strings as the code. `--update` collects new strings.

Without `--update` nothing is written: the strings are collected from a copy of the sources.
"""

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
SOURCES = ("ciao_portal", "declarations", "registrations", "templates", "manage.py")
# The order of source lines says nothing to a translator and would change with every commit.
COLLECT = (
    "makemessages",
    "--no-location",
    "--no-obsolete",
    "--no-wrap",
    *(f"--locale={one}" for one in LANGUAGES),
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


def collect(root: Path) -> None:
    """Run Django's makemessages in `root` for pages and code."""
    command = [sys.executable, "manage.py", *COLLECT, "--ignore=var", "--ignore=.venv", "--ignore=tests"]
    result = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
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
        found = [f"{language}: {line}" for language in LANGUAGES for line in check_language(language, copy)]
    for line in found:
        print(line)
    if found:
        print(f"{len(found)} complaints. `make catalogues` collects new strings into ciao_portal/locale.")
    return 1 if found else 0


def main() -> int:
    if "--update" in sys.argv[1:]:
        collect(ROOT)
        return 0
    return check()


if __name__ == "__main__":
    sys.exit(main())
