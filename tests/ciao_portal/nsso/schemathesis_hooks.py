"""What the description of the simulator cannot say, for Schemathesis."""

from datetime import date, timedelta
from typing import Any

import schemathesis
from schemathesis import Case, CheckContext, HookContext, Response
from schemathesis.generation import GenerationMode

LONGEST = timedelta(days=99)


def is_wrong_on_purpose(case: Case[Any]) -> bool:
    return case.meta is not None and case.meta.generation.mode is GenerationMode.NEGATIVE


@schemathesis.hook
def before_call(ctx: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:
    """A search spans 1 to 100 days: two dates each valid by itself are brought that near to each other."""
    if case.method.upper() != "GET" or not case.query or is_wrong_on_purpose(case):
        return
    try:
        start, end = (date.fromisoformat(str(case.query[name])) for name in ("startDate", "endDate"))
    except (KeyError, ValueError):
        return
    if not timedelta(0) <= end - start <= LONGEST:
        case.query["endDate"] = case.query["startDate"]


@schemathesis.check
def malformed_items_are_not_created(ctx: CheckContext, response: Response, case: Case[Any]) -> None:
    """A call that breaks the schema is refused as a whole, or one of its items is."""
    if case.method.upper() != "POST" or response.status_code != 200:
        return
    results = response.json()["items"]
    sent = case.body["items"] if isinstance(case.body, dict) else None
    assert isinstance(sent, list), "a body without a list of items was accepted"
    assert len(results) == len(sent), "not every item has its result"
    if is_wrong_on_purpose(case):
        assert any("notCreatedPresenceRegistration" in result for result in results)
