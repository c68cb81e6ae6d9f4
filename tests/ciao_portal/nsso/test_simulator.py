"""The simulator as a peer of its own, spoken to by plain HTTP: tokens, problems, control addresses."""

import base64
import json
import time
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

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
        {"exp": -60},
        {"exp": 3600},
        {"iat": 600, "exp": 800},
        {"iss": None},
        {"sub": None},
        {"aud": None},
        {"jti": None},
        {"iat": None},
        {"exp": None},
    ],
    ids=str,
)
def test_a_claim_that_is_wrong(
    simulator: SimulatorProcess, known: Credentials, http: requests.Session, changed: dict[str, Any]
) -> None:
    # Times count from now, however long the tests before took.
    claims = {
        name: int(time.time()) + value if isinstance(value, int) else value for name, value in changed.items()
    }
    answer = http.post(simulator.token_url, data=form(signed(known, simulator, **claims)), timeout=10)
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
    ("header", "kind", "challenge"),
    [
        (None, ProblemType.NO_ACCESS_TOKEN, ""),
        ("Basic x", ProblemType.NO_ACCESS_TOKEN, ""),
        ("Bearer x", ProblemType.INVALID_ACCESS_TOKEN, ', error="invalid_token"'),
    ],
)
def test_no_answer_without_a_token(
    simulator: SimulatorProcess,
    http: requests.Session,
    header: str | None,
    kind: ProblemType,
    challenge: str,
) -> None:
    headers = {"Authorization": header} if header else {}
    answer = http.post(simulator.base_url + BULK, json={"items": []}, headers=headers, timeout=10)
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["WWW-Authenticate"] == f'Bearer realm="presenceRegistration"{challenge}'
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
        (b'{"items": [{"x": 1e999}]}', IssueType.SCHEMA_VIOLATION),
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


def value_at(sent: Any, place: str) -> Any:
    """What stands at a place like `employer.enterpriseNumber`; None when nothing does."""
    for name in place.split("."):
        sent = sent.get(name) if isinstance(sent, dict) else None
    return sent


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
    (found,) = refused["problem"]["issues"]
    assert (found["type"], found["name"], found["in"]) == (issue, f"items[1].{place}", "body")
    assert found.get("value") == value_at(sent, place)
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
    issues = answer.json()["issues"]
    assert {(one["type"], one["in"]) for one in issues} == {(issue, "query")}
    if issue is not IssueType.REQUIRED_INPUT:
        (one,) = issues
        given = parse_qs(query)[one["name"]]
        assert one["value"] == (given if len(given) > 1 else given[0])


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


def test_pages_lead_from_one_to_the_next(
    simulator: SimulatorProcess, known: Credentials, http: requests.Session
) -> None:
    sent = [item(minutes=minute, type_=kind).to_wire() for minute, kind in enumerate(("IN", "OUT") * 2)]
    bulk(http, known, simulator, {"items": sent})
    headers = {"Authorization": f"Bearer {token(http, known, simulator)}"}
    today = f"startDate={DAYS[0]}&endDate={DAYS[1]}&sort=-registrationDate&type=OUT&enterpriseNumber={MAIN}"
    url: str | None = f"{simulator.base_url}/presenceRegistrations?{today}&pageSize=1"
    seen, pages = [], []
    while url:
        page = http.get(url, headers=headers, timeout=10).json()
        assert (page["total"], page["pageSize"]) == (2, 1)
        assert page["self"].startswith(f"{simulator.base_url}/presenceRegistrations?")
        seen += [one["registrationDate"] for one in page["items"]]
        pages.append(page["page"])
        url = page.get("next")
    assert pages == [1, 2]
    assert seen == [sent[3]["registrationDate"], sent[1]["registrationDate"]]
    beyond = f"{simulator.base_url}/presenceRegistrations?{today}&page=9"
    assert http.get(beyond, headers=headers, timeout=10).json()["items"] == []


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", BULK, "POST"),
        ("DELETE", "/presenceRegistrations", "GET"),
        ("PUT", "/presenceRegistrations/17611", "GET"),
        ("POST", "/health", "GET"),
        ("HEAD", "/health", "GET"),
        ("OPTIONS", "/doc/openapi.json", "GET"),
        ("TRACE", BULK, "POST"),
    ],
)
def test_a_method_that_is_not_offered(
    simulator: SimulatorProcess, http: requests.Session, method: str, path: str, allowed: str
) -> None:
    answer = http.request(method, simulator.base_url + path, timeout=10)
    assert (answer.status_code, answer.headers["Allow"]) == (405, allowed)
    if method != "HEAD":
        problem = answer.json()
        assert (problem["type"], problem["title"]) == ("about:blank", "Method Not Allowed")


def test_addresses_that_lead_nowhere(simulator: SimulatorProcess, http: requests.Session) -> None:
    for method, path in (("GET", "/nothing"), ("POST", "/nothing"), ("GET", "/presenceRegistrations/1/2")):
        answer = http.request(method, simulator.base_url + path, timeout=10)
        assert (answer.status_code, answer.json()["type"]) == (404, ProblemType.RESOURCE_NOT_FOUND)
    wrong = http.delete(simulator.control_url + "/faults", timeout=10)
    assert (wrong.status_code, wrong.headers["Allow"]) == (405, "GET, PUT")
    assert http.get(simulator.control_url + "/nothing", timeout=10).status_code == 404


@pytest.mark.parametrize("number", ["999999999", "abc", "1" * 30, "-1", "%31%32"])
def test_a_registration_that_is_not_there(
    simulator: SimulatorProcess, known: Credentials, http: requests.Session, number: str
) -> None:
    headers = {"Authorization": f"Bearer {token(http, known, simulator)}"}
    answer = http.get(f"{simulator.base_url}/presenceRegistrations/{number}", headers=headers, timeout=10)
    assert (answer.status_code, answer.json()["type"]) == (404, ProblemType.RESOURCE_NOT_FOUND)
    (issue,) = answer.json()["issues"]
    assert (issue["in"], issue["name"]) == ("path", "id")


def test_media_types_that_are_not_spoken(
    simulator: SimulatorProcess, known: Credentials, http: requests.Session
) -> None:
    headers = {"Authorization": f"Bearer {token(http, known, simulator)}", "Content-Type": "text/plain"}
    answer = http.post(simulator.base_url + BULK, data=b"{}", headers=headers, timeout=10)
    assert (answer.status_code, answer.json()["type"]) == (415, "about:blank")
    answer = http.get(simulator.base_url + "/health", headers={"Accept": "text/html"}, timeout=10)
    assert (answer.status_code, answer.json()["title"]) == (406, "Not Acceptable")
    answer = http.get(
        simulator.base_url + "/health", headers={"Accept": "text/html, application/json;q=0.5"}, timeout=10
    )
    assert answer.json() == {"status": "UP"}


def test_a_method_nobody_knows_gets_a_problem_too(
    simulator: SimulatorProcess, http: requests.Session
) -> None:
    answer = http.request("BREW", simulator.base_url + BULK, timeout=10)
    assert (answer.status_code, answer.headers["Content-Type"]) == (501, "application/problem+json")
    assert answer.json()["type"] == "about:blank"


def test_a_problem_as_the_guide_has_it(simulator: SimulatorProcess, http: requests.Session) -> None:
    answer = http.get(simulator.base_url + "/presenceRegistrations", timeout=10)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "urn:problem-type:belgif:noAccessToken",
        "href": "https://www.belgif.be/specification/rest/api-guide/problems/noAccessToken.html",
        "title": "No Access Token",
        "status": 401,
        "instance": f"urn:uuid:{answer.headers['BelGov-Trace-Id']}",
    }


def test_a_body_too_large(simulator: SimulatorProcess, http: requests.Session) -> None:
    answer = http.post(simulator.base_url + BULK, data=b"x" * 3_000_000, timeout=10)
    assert (answer.status_code, answer.json()["type"]) == (413, ProblemType.PAYLOAD_TOO_LARGE)
    assert answer.json()["limit"] == 2 * 1024 * 1024


def test_an_answer_has_its_own_trace_id_and_refers_to_the_request(
    simulator: SimulatorProcess, http: requests.Session
) -> None:
    ours = str(uuid.uuid4())
    url = simulator.base_url + "/health"
    answer = http.get(url, headers={"BelGov-Trace-Id": ours}, timeout=10)
    assert answer.headers["BelGov-Related-Trace-Id"] == ours
    assert str(uuid.UUID(answer.headers["BelGov-Trace-Id"], version=4)) != ours
    for no_trace_id in ("x" * 37, "a b"):
        answer = http.get(url, headers={"BelGov-Trace-Id": no_trace_id}, timeout=10)
        assert "BelGov-Related-Trace-Id" not in answer.headers
        assert len(answer.headers["BelGov-Trace-Id"]) == 36


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
