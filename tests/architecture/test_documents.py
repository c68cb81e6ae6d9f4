"""Links in documents lead somewhere, every setting is described, lock files lock."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LOCKS = ("requirements.lock", "requirements-dev.lock")
LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)")
READS_A_SETTING = re.compile(r"""(?:env\.\w+|env|secret)\(\s*"([A-Z][A-Z_]+)\"""")


def settings_read() -> set[str]:
    """The names of environment variables that the settings ask for."""
    sources = [
        (ROOT / "ciao_portal" / name).read_text(encoding="utf-8") for name in ("settings.py", "env.py")
    ]
    found = {name for source in sources for name in READS_A_SETTING.findall(source)}
    assert {"SECRET_KEY", "FIELD_KEYS", "PUBLIC_URL", "DATABASE_URL", "VAR_DIR"} <= found
    return found


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    targets = LINK.findall(document.read_text(encoding="utf-8"))
    assert [target for target in targets if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("document", [".env.example", "docs/operations.md"])
def test_every_setting_is_described(document: str) -> None:
    described = set(re.findall(r"[A-Z][A-Z_]+", (ROOT / document).read_text(encoding="utf-8")))
    assert settings_read() - described == set()


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_hashes_and_no_address_is_in_it(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    packages = re.split(r"\n(?=\S)", text.strip())
    assert len(packages) > 40
    assert [package for package in packages if "==" not in package or "--hash=sha256:" not in package] == []


def test_development_installs_what_production_runs() -> None:
    runtime, development = (locked(name) for name in LOCKS)
    assert runtime - development == set()


def locked(name: str) -> set[str]:
    """`package==version` of every line of a lock file."""
    return set(re.findall(r"^\S+==\S+", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))
