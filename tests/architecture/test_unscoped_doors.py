"""The doors between tenants: every place that looks across companies, with its reason.

A new door fails here first. Before adding its line: can the rows be reached through a queryset that already
narrows them to what the company may see?
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("ciao_portal", "declarations", "registrations")

DOORS: dict[str, list[str]] = {
    "ciao_portal/certificate_ends.py": [
        "the portal looks after the certificates of every company",
    ],
    "ciao_portal/invitations.py": [
        "a firm without people here has nobody who could open its own scope",
        "the invitation at hand, once more and locked",
        "the other invitations to the company at hand, which has its owner now",
        "the secret of the link is the authority",
    ],
    "ciao_portal/keys.py": [
        "keys are changed for every company at once",
    ],
    "ciao_portal/middleware.py": [
        "the person's own memberships, which say what scope there may be",
    ],
    "ciao_portal/people.py": [
        "people belong to no company",
    ],
    "ciao_portal/retention.py": [
        "narrowed at once to the rows of one company, for its own retention",
        "narrowed at once to the rows of one company, for its own retention",
        "the purge looks after every company, one after the other",
        "the rows of one company, named by their identifiers",
    ],
    "ciao_portal/saved_views.py": [
        "the company's own views, named by the company itself",
    ],
    "declarations/filters.py": [
        "The workplaces of declarations that the company sees already.",
    ],
    "declarations/querysets.py": [
        "A chain member prints its own codes; ChainView says which.",
        "A chain member reads the declarer's row; ChainView says which.",
        "A chain member reads where the declared work is done.",
        "A chain member reads where the declared work is done.",
        "A chain member reads where the declared work is done; ChainView says where.",
        "Agreements of a place that the company sees already.",
        "Counts and links of declarations that ChainView lets the company see.",
        "Counts of declarations that ChainView lets the company see.",
        "Subcontracts of the company's own declarations, named by the company itself.",
        "The NSSO's address of declarations that the company sees already.",
        "The chain below the viewer, cut out of the declarer's rows here.",
        "The order of the workplaces of points the company may see.",
        "Whoever declared the works of a chain member is known to that member.",
    ],
    "declarations/services/printing.py": [
        "Points the company was found to see; locked so that nobody counts twice.",
        "Versions of posters whose points the company was found to see.",
    ],
    "registrations/causes/gathering.py": [
        "around these presences, what the company may see",
        "the company's own employments, named by the company itself",
    ],
    "registrations/chain_gaps.py": [
        "first moments of companies that ChainView lets the viewer see",
    ],
    "registrations/corrections/following.py": [
        "a request that is followed, whoever owns it",
        "the requests of every company are followed, each for itself",
    ],
    "registrations/corrections/proposing.py": [
        "the company's own employments, named by the company itself",
        "the workplaces of declarations the company may see",
    ],
    "registrations/corrections/querysets.py": [
        "narrowed at once to the two companies a correction concerns",
    ],
    "registrations/dashboard.py": [
        "each query takes the company that looks and gives what it may see",
    ],
    "registrations/day_hours.py": [
        "the company's own registrations and works, and those ChainView lets it see",
    ],
    "registrations/demo/heartbeat.py": [
        "the demo's own firms, named by their fixed numbers",
        "the demo's own students, named by their fixed numbers",
    ],
    "registrations/demo/loading.py": [
        "the demo looks after its own rows only, named by its fixed numbers",
        "the demo looks after its own rows only, named by its fixed numbers",
        "the demo looks after its own rows only, named by its fixed numbers",
    ],
    "registrations/demo/reference.py": [
        "the demo's own firms, named by their fixed numbers",
    ],
    "registrations/demo/scale.py": [
        "the synthetic tenant's own rows, founded in this call",
    ],
    "registrations/exports/lines.py": [
        "how the company itself calls the employers of rows it may see",
        "the company's own declarations and those of chains it stands in, as ids",
        "the declarations that rows the company may see were registered on",
        "the workplaces that rows the company may see were registered at",
    ],
    "registrations/exports/rows.py": [
        "narrowed at once to what the company may see",
    ],
    "registrations/filter_choices.py": [
        "each query takes the company that looks and gives what it may see",
    ],
    "registrations/gaps/gathering.py": [
        "for which companies of a chain there are codes, which every one of them has",
        "the chains of declarations the company sees; the rules show what is below it",
    ],
    "registrations/kiosk/views.py": ["the tablet's own registration, shown as a time and a letter"],
    "registrations/kiosk/who.py": [
        "the card whose holder stands before the tablet",
        "the first letter of the name of whoever holds the card",
    ],
    "registrations/nsso/own_line.py": [
        "the company's own access, or that of its own latest registration",
    ],
    "registrations/nsso/reading.py": [
        "the sender reads back what the NSSO says to every company with access",
    ],
    "registrations/nsso/restored.py": ["a restore concerns every company at once"],
    "registrations/nsso/sending.py": [
        "the sender brings the registrations of every company to the NSSO",
        "the sender brings the registrations of every company to the NSSO",
    ],
    "registrations/nsso/status.py": [
        "the company's own registrations, works and access, named by the company itself",
    ],
    "registrations/phone/arriving.py": [
        "the code on the wall is public, and the secret of the phone is the authority"
    ],
    "registrations/phone/asked.py": [
        "a person's own registration, answered on their own paired phone",
        "a person's own registrations, asked about on their own paired phone",
    ],
    "registrations/phone/agreement_pages.py": [
        "a person's own answers, shown on their own paired phone",
        "a person's own employers, shown on their own paired phone",
    ],
    "registrations/phone/ending.py": [
        "a person's own presences, shown on their own paired phone",
        "a person's own registration, named on their own paired phone",
    ],
    "registrations/phone/file_pages.py": [
        "a person's own names, for the person's own file",
    ],
    "registrations/phone/homepage.py": [
        "a paired phone's own person, at a point of one of their employers",
    ],
    "registrations/phone/identity.py": [
        "the card that was shown on this phone",
    ],
    "registrations/phone/leading.py": [
        "a person's own latest tap, and the one with the same key",
        "a person's own registrations on the declaration whose code is known",
    ],
    "registrations/phone/offline_tickets.py": [
        "the card whose sealed ticket the phone kept",
    ],
    "registrations/phone/own_days.py": [
        "a person's own registrations, shown on their own paired phone",
        "a person's own registrations, shown on their own paired phone",
    ],
    "registrations/phone/own_pages.py": [
        "a person's own reports, shown on their own paired phone",
    ],
    "registrations/phone/points.py": [
        "a declaration number is printed on the wall; only the public code is answered",
        "the code on the wall is public; it opens only its own point",
        "the companies of a point whose code is known",
        "the names the declarer gave the companies of its own point",
        "the point that took over the one whose code is known, of the same company",
    ],
    "registrations/phone/sign_in_pages.py": [
        "the name of the company whose provider vouched for the person",
        "the provider of a company of a point whose code is known",
        "the provider this phone was sent to",
        "the providers of the companies of a point whose code is known",
    ],
    "registrations/phone/standing.py": [
        "a person's own last registration, shown on their own paired phone",
    ],
    "registrations/phone/tapping.py": [
        "the person of a paired phone or a card, only among the companies of the point",
    ],
    "registrations/phone/views.py": [
        "the unguessable id of a confirmation is the authority; no name is shown",
    ],
    "registrations/preflight/foreseeing.py": [
        "registrations of every company, each judged by its own employer's data",
    ],
    "registrations/querysets.py": [
        "counts what the company may see",
        "each part is narrowed at once to what the company may see",
        "each part is narrowed at once to what the company may see",
        "narrowed at once to what the company may see",
        "registrations on the company's own declarations, named by the company itself",
        "the company's own employments, named by the company itself",
        "the declarer's own declarations, named by the company itself",
    ],
    "registrations/reconciliation.py": [
        "whether a presence the company may see was registered here too; nothing is shown",
    ],
    "registrations/remark_trend.py": ["counts what the company may see"],
    "registrations/reports/gathering.py": [
        "the workplaces of registrations the company may see",
    ],
    "registrations/reports/services.py": [
        "one report, by an id the worker was handed or the company's own list gave",
    ],
    "registrations/services/agreements.py": [
        "what one person answered to one company, both named",
        "what one person answered to one company, both named",
        "what these people answered to one company, all named",
    ],
    "registrations/services/deadline_calendars.py": [
        "the secret of the address is the authority",
    ],
    "registrations/services/correction_owners.py": [
        "the employer's own places in the chain, and whom it works for",
    ],
    "registrations/services/correction_settings.py": [
        "the company's own settings, named by the company itself",
    ],
    "registrations/services/corrections.py": [
        "one request, by the key of one its company may see",
    ],
    "registrations/services/errors.py": [
        "a person's own reports to the employer at hand",
    ],
    "registrations/services/outages.py": [
        "registrations of every company are looked at, and each company's people told of their own",
    ],
    "registrations/services/declared_outages.py": [
        "a note of the outage at hand, for the outage's own company",
        "the company's own outages, named by the company itself",
        "the outage at hand, once more and locked",
    ],
    "registrations/services/emergency.py": [
        "the company's own procedure, named by the company itself",
    ],
    "registrations/services/cards.py": [
        "a chip belongs to one card anywhere; which other one it is is not told",
        "the chip of the card is the authority, at a reader of the company's own",
        "the secret of the card is the authority",
    ],
    "registrations/services/pairing.py": [
        "the secret of the link is the authority",
        "the secret of the link is the authority",
        "the secret of the phone is the authority",
    ],
    "registrations/services/pairing_codes.py": [
        "number and code together are the authority",
    ],
    "registrations/services/presence.py": [
        "a rebuild folds the history of every company",
    ],
    "registrations/services/provider_pairing.py": [
        "whether the person works for the company whose provider vouches",
    ],
    "registrations/services/reconciling.py": [
        "every company's days are compared, each in a task of its own",
    ],
    "registrations/services/registering.py": [
        "a tap names its person, point and employer; only rows of these are touched",
    ],
    "registrations/services/statements.py": [
        "the same person's own registration just before the one at hand",
        "the same person, employer and declaration as the registration at hand",
        "the same person, employer and declaration as the registration at hand",
    ],
    "registrations/services/status_addresses.py": [
        "the secret of the address is the authority",
    ],
    "registrations/views/means_shown.py": [
        "means of one person, and what one company handed out to them, both named",
    ],
    "registrations/views/registrations.py": [
        "of these keys, what the company may see",
    ],
    "registrations/views/remarks.py": [
        "of these keys, what the company may see",
    ],
    "registrations/views/worker_page.py": ["what one company knows of one person, both named"],
    "registrations/workdays.py": ["registrations of one person for one company, both named"],
    "registrations/services/terminals.py": [
        "the secret of a tablet's link is the authority",
        "the secret of a tablet's link is the authority",
        "the secret of the tablet is the authority",
        "the tablet that asks, known by its secret",
    ],
}

# Who opens the scope of one company: the middleware for a signed-in person, a streamed answer that outlives
# it, a task for one company after the other, the demo for its own firms, the status line and the
# calendar of the company whose secret address was opened.
SCOPES = {
    "ciao_portal/certificate_ends.py",
    "ciao_portal/middleware.py",
    "ciao_portal/web/csv.py",
    "registrations/demo/founding.py",
    "registrations/demo/scale_founding.py",
    "registrations/status_line.py",
    "registrations/tasks.py",
    "registrations/views/deadlines.py",
}


def _sources() -> Iterator[tuple[str, ast.Module]]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def _calls(tree: ast.Module, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in names:
                yield node


def _reason(call: ast.Call, tree: ast.Module) -> str:
    """The words of the reason, written in the call or in a constant of the same module."""
    value = next((keyword.value for keyword in call.keywords if keyword.arg == "reason"), None)
    if isinstance(value, ast.Name):
        constants = (node for node in tree.body if isinstance(node, ast.Assign))
        value = next(node.value for node in constants if ast.unparse(node.targets[0]) == ast.unparse(value))
    assert isinstance(value, ast.Constant), f"line {call.lineno}: a reason is plain words"
    assert isinstance(value.value, str)
    return value.value


def test_every_door_is_listed_with_its_reason() -> None:
    found = {
        path: sorted(_reason(call, tree) for call in calls)
        for path, tree in _sources()
        if (calls := list(_calls(tree, "unscoped")))
    }
    assert found == DOORS


def test_no_other_way_around_the_scope() -> None:
    around = {path for path, tree in _sources() if list(_calls(tree, "scopes_disabled", "scope"))}
    assert around == {"ciao_portal/tenancy.py"}
    assert {path for path, tree in _sources() if list(_calls(tree, "company_scope"))} == SCOPES


def test_a_door_needs_words() -> None:
    tree = ast.parse("with unscoped(reason=make_up_something()):\n    pass")
    with pytest.raises(AssertionError, match="plain words"):
        _reason(next(_calls(tree, "unscoped")), tree)
