"""The simulator's description of itself, and how it is compared with another one."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from django.core.management import CommandError, call_command

from ciao_portal.nsso.contract import VERSION
from ciao_portal.nsso.differences import Difference, differences
from ciao_portal.nsso.simulator.openapi import document
from tests.simulator import SimulatorProcess

BULK = "/presenceRegistrations/registerInBulk"
ITEM = f"POST {BULK} request.items[]"


def described() -> dict[str, Any]:
    shown: dict[str, Any] = json.loads(json.dumps(document("http://127.0.0.1:8001")))
    return shown


def references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_the_description_is_there_for_everybody(simulator: SimulatorProcess) -> None:
    with requests.Session() as session:
        session.trust_env = False
        answer = session.get(f"{simulator.base_url}/doc/openapi.json", timeout=10)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    shown = answer.json()
    assert shown == json.loads(json.dumps(document(simulator.address)))
    assert (shown["openapi"], shown["info"]["version"]) == ("3.0.3", VERSION)
    assert shown["servers"] == [{"url": simulator.base_url}]
    assert {(path, method) for path, item in shown["paths"].items() for method in item} == {
        (BULK, "post"),
        ("/presenceRegistrations", "get"),
        ("/presenceRegistrations/{id}", "get"),
        ("/health", "get"),
    }


def test_every_component_is_there_and_used() -> None:
    shown = described()
    wanted = {one.removeprefix("#/components/") for one in references(shown)}
    there = {f"{kind}/{name}" for kind in ("schemas", "responses") for name in shown["components"][kind]}
    assert wanted == there


def test_a_description_does_not_differ_from_itself() -> None:
    assert differences(described(), described()) == []


def test_texts_examples_and_names_of_components_play_no_part() -> None:
    changed = described()
    changed["info"]["title"] = "PresenceRegistration"
    changed["paths"]["/health"]["get"]["summary"] = "Other words"
    text = json.dumps(changed).replace("schemas/Employer", "schemas/Boss")
    changed = json.loads(text)
    changed["components"]["schemas"]["Boss"] = changed["components"]["schemas"].pop("Employer")
    assert differences(described(), changed) == []


def official() -> dict[str, Any]:
    """What an official file might look like: ours, with a few things otherwise."""
    changed = described()
    schemas = changed["components"]["schemas"]
    item = schemas["PresenceToRegister"]
    item["properties"]["nationalNumber"] = item["properties"].pop("ssin")
    item["required"][item["required"].index("ssin")] = "nationalNumber"
    schemas["PresenceRegistrationBulkRequest"]["properties"]["items"]["maxItems"] = 500
    schemas["PresenceToRegister"] = {
        "allOf": [
            copy.deepcopy(item),
            {"type": "object", "properties": {"comment": {"type": "string", "maxLength": 80}}},
        ]
    }
    del changed["paths"]["/health"]
    changed["paths"]["/presenceRegistrations"]["get"]["parameters"] += [
        {"name": "ssin", "in": "query", "schema": {"type": "string"}}
    ]
    return changed


def test_what_differs_is_named_by_its_place() -> None:
    found = {one.place: one for one in differences(described(), official())}
    assert found[f"{ITEM}.ssin"] == Difference(f"{ITEM}.ssin", "required", None)
    assert found[f"{ITEM}.nationalNumber"] == Difference(f"{ITEM}.nationalNumber", None, "required")
    assert found[f"{ITEM}.comment maxLength"].theirs == "80"
    most = f"POST {BULK} request.items maxItems"
    assert found[most] == Difference(most, "200", "500")
    assert found["GET /health"] == Difference("GET /health", "there", None)
    assert found["GET /presenceRegistrations query ssin"].theirs == "optional"
    assert f"{ITEM}.type" not in found


def test_a_schema_within_itself_ends() -> None:
    changed = described()
    changed["components"]["schemas"]["Remark"]["properties"]["cause"] = {
        "$ref": "#/components/schemas/Remark"
    }
    assert len(differences(described(), changed)) > 0


def compare(path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """What the command writes, and the reason it gives for its exit code 1."""
    reason = ""
    try:
        call_command("nsso_differences", str(path))
    except CommandError as error:
        reason = str(error)
    return capsys.readouterr().out, reason


def test_the_command_lists_the_differences(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "official.json"
    file.write_text(json.dumps(official()))
    lines, reason = compare(file, capsys)
    assert f"- {ITEM}.ssin: required\n" in lines
    assert f"+ {ITEM}.nationalNumber: required\n" in lines
    assert f"~ POST {BULK} request.items maxItems: 200 -> 500\n" in lines
    assert reason == f"{len(lines.splitlines())} differences."
    file.write_text(json.dumps(described()))
    assert compare(file, capsys) == ("No differences.\n", "")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{}", "it has no paths"),
        ("[]", "it has no paths"),
        ("openapi: 3.0.3", "Expecting value"),
        ('{"paths": {"/x": {"$ref": "other.json"}}}', "bundle the description into one file"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, why: str
) -> None:
    file = tmp_path / "official.json"
    file.write_text(text)
    _, reason = compare(file, capsys)
    assert reason.startswith(f"{file} cannot be used")
    assert why in reason
