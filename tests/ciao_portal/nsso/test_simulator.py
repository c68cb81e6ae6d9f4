"""The simulator as a peer of its own, spoken to by plain HTTP: tokens, problems, control addresses."""

import base64
import itertools
import json
import time
import uuid
from collections.abc import Iterator
from typing import Any

import jwt
import pytest
import requests

from ciao_portal.nsso.auth import Credentials, KeyPair, generate_key_pair
from ciao_portal.nsso.contract import ASSERTION_TYPE, IssueType, ProblemType
from tests.ciao_portal.nsso.world import DAYS, MAIN, item
from tests.simulator import SimulatorProcess

BULK = "/presenceRegistrations/registerInBulk"


@pytest.fixture
def http() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture(scope="module")
def keys() -> KeyPair:
    return generate_key_pair()


@pytest.fixture
def known(simulator: SimulatorProcess, keys: KeyPair) -> Credentials:
    return simulator.credentials_for(MAIN, keys=keys)


def claims(known: Credentials, simulator: SimulatorProcess, **changed: Any) -> dict[str, Any]:
    now = int(time.time())
    honest = {
        "iss": known.client_id,
        "sub": known.client_id,
        "aud": simulator.token_url,
        "jti": str(uuid.uuid4()),
        "iat": now,
        "exp": now + 300,
    }
    return {name: value for name, value in {**honest, **changed}.items() if value is not None}


def form(assertion: str, **changed: str) -> dict[str, str]:
    return {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": assertion,
        **changed,
    }


def signed(known: Credentials, simulator: SimulatorProcess, **changed: Any) -> str:
    return jwt.encode(claims(known, simulator, **changed), known.private_key_pem, algorithm="RS256")


def token(http: requests.Session, known: Credentials, simulator: SimulatorProcess) -> str:
    answer = http.post(simulator.token_url, data=form(signed(known, simulator)), timeout=10)
    assert answer.status_code == 200, answer.text
    value: str = answer.json()["access_token"]
    return value


def test_an_honest_assertion_gets_a_token(
    simulator: SimulatorProcess, known: Credentials, http: requests.Session
) -> None:
    answer = http.post(simulator.token_url, data=form(signed(known, simulator)), timeout=10)
    assert answer.json()["token_type"] == "Bearer"
    assert answer.json()["expires_in"] == 600
    assert answer.headers["Server"] == "nsso-simulator"


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "somebody_else"},
        {"sub": "somebody_else"},
        {"aud": "http://127.0.0.1:1/REST/oauth/v5/token"},
        {"exp": int(time.time()) - 60},
        {"exp": int(time.time()) + 3600},
        {"iat": int(time.time()) + 600, "exp": int(time.time()) + 800},
        {"iss": None},
        {"sub": None},
        {"aud": None},
        {"jti": None},
        {"iat": None},
        {"exp": None},
    ],
    # By position: parallel workers must agree on the names, and times differ between them.
    ids=itertools.count(),
)
def test_a_claim_that_is_wrong(
    simulator: SimulatorProcess, known: Credentials, http: requests.Session, changed: dict[str, Any]
) -> None:
    answer = http.post(simulator.token_url, data=form(signed(known, simulator, **changed)), timeout=10)
    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})


def test_an_assertion_is_good_once(
    simulator: SimulatorProcess, known: Credentials, http: requests.Session
) -> None:
    assertion = form(signed(known, simulator))
    assert http.post(simulator.token_url, data=assertion, timeout=10).status_code == 200
    assert http.post(simulator.token_url, data=assertion, timeout=10).json() == {"error": "invalid_client"}


def test_a_signature_of_another_key_or_kind(
    simulator: SimulatorProcess, known: Credentials, http: requests.Session
) -> None:
    body = claims(known, simulator)
    head = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode()).rstrip(b"=").decode()
    unsigned = head + "." + signed(known, simulator).split(".")[1] + "."
    forged = [
        jwt.encode(body, generate_key_pair().private_pem, algorithm="RS256"),
        jwt.encode(body, known.private_key_pem, algorithm="RS512"),
        jwt.encode(body, "k" * 32, algorithm="HS256"),
        unsigned,
        "nonsense",
        "a.b.c",
    ]
    for assertion in forged:
        answer = http.post(simulator.token_url, data=form(assertion), timeout=10)
        assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"client_assertion_type": "other"}, "invalid_request"),
    ],
)
def test_a_form_that_is_wrong(
    simulator: SimulatorProcess,
    known: Credentials,
    http: requests.Session,
    changed: dict[str, str],
    error: str,
) -> None:
    answer = http.post(simulator.token_url, data=form(signed(known, simulator), **changed), timeout=10)
    assert (answer.status_code, answer.json()) == (400, {"error": error})


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        (None, ProblemType.NO_ACCESS_TOKEN),
        ("Basic x", ProblemType.NO_ACCESS_TOKEN),
        ("Bearer x", ProblemType.INVALID_ACCESS_TOKEN),
    ],
)
def test_no_answer_without_a_token(
    simulator: SimulatorProcess, http: requests.Session, header: str | None, kind: ProblemType
) -> None:
    headers = {"Authorization": header} if header else {}
    answer = http.post(simulator.base_url + BULK, json={"items": []}, headers=headers, timeout=10)
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json()["type"] == kind


def bulk(
    http: requests.Session, known: Credentials, simulator: SimulatorProcess, body: object
) -> requests.Response:
    headers = {"Authorization": f"Bearer {token(http, known, simulator)}", "Content-Type": "application/json"}
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return http.post(simulator.base_url + BULK, data=data, headers=headers, timeout=10)


@pytest.mark.parametrize(
    ("body", "issue"),
    [
        ({"items": []}, IssueType.OUT_OF_RANGE),
        ({"items": [{}] * 201}, IssueType.OUT_OF_RANGE),
        ({}, IssueType.REQUIRED_INPUT),
        ([], IssueType.SCHEMA_VIOLATION),
        ({"items": "x"}, IssueType.SCHEMA_VIOLATION),
        ({"items": [1]}, IssueType.SCHEMA_VIOLATION),
        ({"items": [{}], "more": 1}, IssueType.UNKNOWN_INPUT),
        (b"{", IssueType.SCHEMA_VIOLATION),
        (b"\xff", IssueType.SCHEMA_VIOLATION),
        (b"[" * 100_000, IssueType.SCHEMA_VIOLATION),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_broken_envelope_is_refused_as_a_whole(
    simulator: SimulatorProcess, known: Credentials, http: requests.Session, body: object, issue: IssueType
) -> None:
    answer = bulk(http, known, simulator, body)
    assert (answer.status_code, answer.json()["type"]) == (400, ProblemType.BAD_REQUEST)
    assert [one["type"] for one in answer.json()["issues"]] == [issue]
    assert simulator.registrations() == []


GOOD = item().to_wire()


@pytest.mark.parametrize(
    ("changed", "issue", "place"),
    [
        ({"registrationDate": "2026-01-01T10:00:00"}, IssueType.SCHEMA_VIOLATION, "registrationDate"),
        ({"registrationDate": "2026-02-30T10:00:00Z"}, IssueType.SCHEMA_VIOLATION, "registrationDate"),
        ({"registrationDate": "2999-01-01T10:00:00Z"}, IssueType.OUT_OF_RANGE, "registrationDate"),
        ({"ssin": 85073003328}, IssueType.SCHEMA_VIOLATION, "ssin"),
        ({"ssin": "85.07.30-033.28"}, IssueType.SCHEMA_VIOLATION, "ssin"),
        ({"ssin": "85073003329"}, IssueType.INVALID_STRUCTURE, "ssin"),
        ({"ssin": None}, IssueType.SCHEMA_VIOLATION, "ssin"),
        ({"type": "BREAK_START"}, IssueType.SCHEMA_VIOLATION, "type"),
        ({"employer": {}}, IssueType.EXACTLY_ONE_OF_EXPECTED, "employer"),
        (
            {"employer": {"enterpriseNumber": MAIN, "foreignVatNumber": "NL1"}},
            IssueType.EXACTLY_ONE_OF_EXPECTED,
            "employer",
        ),
        (
            {"employer": {"enterpriseNumber": "2144192522"}},
            IssueType.SCHEMA_VIOLATION,
            "employer.enterpriseNumber",
        ),
        ({"placeOfWork": {}}, IssueType.EXACTLY_ONE_OF_EXPECTED, "placeOfWork"),
        (
            {"placeOfWork": {"coordinates": {"longitude": 181, "latitude": 0}}},
            IssueType.OUT_OF_RANGE,
            "placeOfWork.coordinates.longitude",
        ),
        (
            {
                "placeOfWork": {
                    "address": {
                        "postCode": "1000",
                        "municipalityName": "X",
                        "streetName": "\ud800",
                        "houseNumber": "1",
                    }
                }
            },
            IssueType.SCHEMA_VIOLATION,
            "placeOfWork.address.streetName",
        ),
        (
            {"placeOfWork": {"address": {"postCode": "1", "municipalityName": "X", "streetName": "Y"}}},
            IssueType.REQUIRED_INPUT,
            "placeOfWork.address.houseNumber",
        ),
        (
            {"contractualRelationshipReference": "1Y1003SQ5VSSO"},
            IssueType.SCHEMA_VIOLATION,
            "contractualRelationshipReference",
        ),
        ({"more": 1}, IssueType.UNKNOWN_INPUT, "more"),
    ],
)
def test_a_malformed_item_is_named_and_echoed(
    simulator: SimulatorProcess,
    known: Credentials,
    http: requests.Session,
    *,
    changed: dict[str, Any],
    issue: IssueType,
    place: str,
) -> None:
    sent = {**GOOD, **changed}
    answer = bulk(http, known, simulator, {"items": [GOOD, sent]})
    assert answer.status_code == 200
    first, second = answer.json()["items"]
    assert list(first) == ["createdPresenceRegistration"]
    refused = second["notCreatedPresenceRegistration"]
    assert refused["presenceRegistration"] == sent
    found = [(one["type"], one["name"]) for one in refused["problem"]["issues"]]
    assert found == [(issue, f"items[1].{place}")]
    assert len(simulator.registrations()) == 1


@pytest.mark.parametrize(
    ("query", "issue"),
    [
        ("", IssueType.REQUIRED_INPUT),
        ("startDate=2026-01-01&endDate=2026-13-01", IssueType.SCHEMA_VIOLATION),
        ("startDate=2026-01-02&endDate=2026-01-01", IssueType.INVALID_PERIOD),
        ("startDate=2026-01-01&endDate=2026-01-01&pageSize=501", IssueType.OUT_OF_RANGE),
        ("startDate=2026-01-01&endDate=2026-01-01&page=0", IssueType.OUT_OF_RANGE),
        ("startDate=2026-01-01&endDate=2026-01-01&page=1&page=2", IssueType.INVALID_INPUT),
        ("startDate=2026-01-01&endDate=2026-01-01&sort=ssin", IssueType.SCHEMA_VIOLATION),
        ("startDate=2026-01-01&endDate=2026-01-01&ssin=1", IssueType.UNKNOWN_INPUT),
    ],
)
def test_a_search_that_is_wrong(
    simulator: SimulatorProcess, known: Credentials, http: requests.Session, query: str, issue: IssueType
) -> None:
    headers = {"Authorization": f"Bearer {token(http, known, simulator)}"}
    url = f"{simulator.base_url}/presenceRegistrations?{query}"
    answer = http.get(url, headers=headers, timeout=10)
    assert answer.status_code == 400
    assert {one["type"] for one in answer.json()["issues"]} == {issue}


def test_a_search_by_validity_and_remark(
    simulator: SimulatorProcess, known: Credentials, http: requests.Session
) -> None:
    bulk(http, known, simulator, {"items": [GOOD, GOOD]})
    day = "startDate=2026-01-01&endDate=2026-01-01"
    headers = {"Authorization": f"Bearer {token(http, known, simulator)}"}
    url = f"{simulator.base_url}/presenceRegistrations?"
    assert http.get(url + day, headers=headers, timeout=10).json()["items"] == []
    today = f"startDate={DAYS[0]}&endDate={DAYS[1]}"
    found = http.get(f"{url}{today}&remarkCode=duplicateRegistration", headers=headers, timeout=10).json()
    assert (found["total"], len(found["items"]), found["page"], found["pageSize"]) == (1, 1, 1, 100)
    assert "next" not in found
    found = http.get(f"{url}{today}&validity=valid&pageSize=1", headers=headers, timeout=10).json()
    assert found["total"] == 1


def test_other_addresses_and_methods(simulator: SimulatorProcess, http: requests.Session) -> None:
    wrong = http.get(simulator.base_url + BULK, timeout=10)
    assert (wrong.status_code, wrong.json()["type"]) == (405, ProblemType.METHOD_NOT_ALLOWED)
    assert http.delete(simulator.control_url + "/faults", timeout=10).status_code == 405
    assert http.get(simulator.control_url + "/nothing", timeout=10).status_code == 404


def test_a_body_too_large(simulator: SimulatorProcess, http: requests.Session) -> None:
    answer = http.post(simulator.base_url + BULK, data=b"x" * 3_000_000, timeout=10)
    assert (answer.status_code, answer.json()["type"]) == (413, ProblemType.PAYLOAD_TOO_LARGE)
    assert answer.json()["limit"] == 2 * 1024 * 1024


def test_trace_ids_are_echoed(simulator: SimulatorProcess, http: requests.Session) -> None:
    ours = str(uuid.uuid4())
    url = simulator.base_url + "/health"
    answer = http.get(url, headers={"BelGov-Trace-Id": ours}, timeout=10)
    assert answer.headers["BelGov-Trace-Id"] == ours
    assert len(answer.headers["BelGov-Related-Trace-Id"]) == 36
    assert (
        len(http.get(url, headers={"BelGov-Trace-Id": "x" * 99}, timeout=10).headers["BelGov-Trace-Id"]) == 36
    )


def test_the_control_is_for_this_machine_only(simulator: SimulatorProcess, http: requests.Session) -> None:
    url = simulator.control_url + "/registrations"
    assert http.get(url, headers={"Host": "rebound.example.org"}, timeout=10).status_code == 403


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/reference", {"persons": []}),
        ("/reference", {"people": {}}),
        ("/reference", {"people": [{}]}),
        ("/reference", {"people": [None]}),
        ("/reference", {"dimona": [{"ssin": "1", "enterpriseNumber": "2", "startDate": "soon"}]}),
        ("/reference", {"presences": [{"ssin": "1"}]}),
        ("/reference", {"declarations": [{"contractualRelationshipReference": "X", "enterpriseNumber": 5}]}),
        ("/reference", []),
        ("/faults", {"faults": [{"kind": "unheardOf"}]}),
        ("/faults", {"faults": [{"kind": "slow", "times": 0}]}),
        ("/faults", {"faults": [{"kind": ["slow"]}]}),
        ("/faults", {}),
    ],
)
def test_malformed_control_documents_change_nothing(
    simulator: SimulatorProcess, http: requests.Session, path: str, body: object
) -> None:
    before = simulator.control("GET", path)
    answer = http.put(simulator.control_url + path, json=body, timeout=10)
    assert answer.status_code == 400, answer.text
    assert answer.json()["detail"]
    assert simulator.control("GET", path) == before


@pytest.mark.parametrize("seconds", [-1, "60", None, True, 1e12])
def test_the_clock_only_goes_forward(
    simulator: SimulatorProcess, http: requests.Session, seconds: object
) -> None:
    url = simulator.control_url + "/advance"
    assert http.post(url, json={"seconds": seconds}, timeout=10).status_code == 400


def test_clearing_keeps_reference_and_clients(
    simulator: SimulatorProcess, known: Credentials, http: requests.Session
) -> None:
    before = simulator.control("GET", "/reference")
    bulk(http, known, simulator, {"items": [GOOD]})
    simulator.put_faults({"kind": "serviceUnavailable"})
    simulator.clear()
    assert simulator.registrations() == []
    assert simulator.control("GET", "/reference") == before
    assert bulk(http, known, simulator, {"items": [GOOD]}).status_code == 200
