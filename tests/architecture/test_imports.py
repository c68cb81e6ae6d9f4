"""The house rules about imports that import-linter's contracts cannot say (those stand in pyproject.toml)."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = ("ciao_portal", "declarations", "registrations")


@dataclass(frozen=True)
class Import:
    """One name imported by one of our files."""

    path: str
    line: int
    module: str
    inside_function: bool

    def comes_from(self, *modules: str) -> bool:
        return any(self.module == module or self.module.startswith(f"{module}.") for module in modules)

    def __str__(self) -> str:
        return f"{self.path}:{self.line} imports {self.module}"


def imports_of(path: Path) -> Iterator[Import]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            # `from package import name`: the name may be a module, so both are looked at as one path.
            modules = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for module in modules:
            yield Import(str(path.relative_to(ROOT)), node.lineno, module, id(node) in inside)


def imports_below(*folders: str) -> list[Import]:
    found = [one for folder in folders for path in (ROOT / folder).rglob("*.py") for one in imports_of(path)]
    assert found, f"nothing to look at below {folders}"
    return found


def test_rules_know_neither_database_nor_settings_nor_clock_of_django() -> None:
    forbidden = ("django.db", "django.conf", "django.utils.timezone", "django.http", "django.forms")
    rules = imports_below("declarations/rules", "registrations/rules")
    assert [str(one) for one in rules if one.comes_from(*forbidden)] == []


def test_the_simulator_imports_nothing_of_ours_but_the_contract() -> None:
    allowed = ("ciao_portal.nsso.contract", "ciao_portal.nsso.simulator")
    simulator = imports_below("ciao_portal/nsso/simulator")
    assert [str(one) for one in simulator if one.comes_from(*OURS) and not one.comes_from(*allowed)] == []


def test_the_pdf_engine_is_imported_in_one_place_and_late() -> None:
    users = {one.path for one in imports_below(*OURS) if one.comes_from("weasyprint")}
    assert users == {"ciao_portal/web/pdf.py"}
    assert all(one.inside_function for one in imports_below(*OURS) if one.comes_from("weasyprint"))


def test_no_import_of_ours_hides_inside_a_function() -> None:
    hidden = [one for one in imports_below(*OURS) if one.inside_function and one.comes_from(*OURS)]
    # AppConfig.ready() is where Django wants them: models cannot be imported before.
    assert [str(one) for one in hidden if not one.path.endswith("/apps.py")] == []
