"""Private files: encrypted, bound to their name, out of reach of crafted names."""

import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from ciao_portal import files
from ciao_portal.crypto import DecryptionError

CONTENT = b"%PDF-1.7 Ada Voorbeeld 85.07.30"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.FILES_URL = str(tmp_path / "kept")
    return tmp_path / "kept"


def test_what_is_kept_comes_back_and_lies_encrypted(folder: Path) -> None:
    name = files.new_name()
    files.keep(name, CONTENT)
    stored = folder / name
    assert files.read(name) == CONTENT
    assert b"Voorbeeld" not in stored.read_bytes()
    assert stat.S_IMODE(stored.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [path.name for path in folder.iterdir()] == [name]


def test_a_file_under_another_name_does_not_open(folder: Path) -> None:
    name, other = files.new_name(), files.new_name()
    files.keep(name, CONTENT)
    (folder / name).rename(folder / other)
    with pytest.raises(DecryptionError):
        files.read(other)


def test_a_changed_file_does_not_open(folder: Path) -> None:
    name = files.new_name()
    files.keep(name, CONTENT)
    stored = bytearray((folder / name).read_bytes())
    stored[-1] ^= 1
    (folder / name).write_bytes(bytes(stored))
    with pytest.raises(DecryptionError):
        files.read(name)


def test_deleting_twice_is_no_error() -> None:
    name = files.new_name()
    files.keep(name, CONTENT)
    files.delete(name)
    files.delete(name)
    with pytest.raises(FileNotFoundError):
        files.read(name)


@pytest.mark.parametrize(
    "name", ["", "../portal.sqlite3", "a" * 31, "/etc/passwd", "A" * 32, f"{'a' * 32}\n"]
)
def test_only_names_of_ours_lead_to_a_file(name: str) -> None:
    for act in (files.read, files.delete, lambda crafted: files.keep(crafted, CONTENT)):
        with pytest.raises(ValueError, match="not the name"):
            act(name)


def test_the_folder_as_an_address(settings: Settings, tmp_path: Path) -> None:
    settings.FILES_URL = f"file://{tmp_path}/with%20space"
    assert files.folder() == tmp_path / "with space"
    settings.FILES_URL = "s3://bucket/reports"
    with pytest.raises(ImproperlyConfigured, match="must be a folder"):
        files.folder()
