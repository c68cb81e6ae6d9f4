"""Every address of the portal by name: how it is asked for, and what each kind of visitor is answered.

`tests/architecture/test_urls.py` fails when a name is missing here, when one is left over, and when an answer
differs. Two rules are seen in every row: a stranger is told 404, a colleague without the right 403.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.urls import reverse

VISITORS = ("anonymous", "stranger", "auditor", "office", "owner", "sub")
"""Nobody; the office of a company outside the chain; three roles at the declarer; the sub's office."""


@dataclass(frozen=True)
class Row:
    """`arguments` names what `test_urls.py` puts into the address; `answers` follow the order of VISITORS."""

    answers: tuple[int, int, int, int, int, int]
    arguments: dict[str, str] = field(default_factory=dict)
    method: str = "GET"
    form: dict[str, str] = field(default_factory=dict)


def same(status: int) -> tuple[int, int, int, int, int, int]:
    """The same answer to everybody."""
    return (status, status, status, status, status, status)


# Signed out, people are led to the sign-in page.
LOGIN = 302

_WORKER = {"worker": "worker"}
_DECLARATION = {"pk": "declaration"}
_PLACE = {"pk": "declaration", "place": "subcontract"}
_INVITED = {"pk": "declaration", "place": "invited_place"}
_COMPANY = {"pk": "subcontractor"}
_CORRECTION = {"correction": "correction"}
_EVIDENCE = {"correction": "correction", "evidence": "evidence"}
_REPORT = {"report": "report"}
_REPORT_FILE = {"report": "report", "name": "report_name"}
_OUTAGE = {"outage": "outage"}
_ATTACHMENT = {"pk": "declaration", "attachment": "attachment"}
_POINT = {"pk": "declaration", "point": "point"}
_ASSESSMENT = {"pk": "assessment"}
_SITE = {"code": "code"}
_TABLET = {"tablet": "tablet"}
_TAPPED = {"code": "code", "registration_id": "registration"}

TABLE: dict[str, Row] = {
    # Sign-in, sign-out, passwords: django-allauth guards these itself.
    "account_login": Row((200, 302, 302, 302, 302, 302)),
    "account_logout": Row((302, 200, 200, 200, 200, 200)),
    "account_inactive": Row(same(200)),
    "account_signup": Row((200, 302, 302, 302, 302, 302)),
    "account_reauthenticate": Row((LOGIN, 200, 200, 200, 200, 200)),
    "account_email": Row((LOGIN, 200, 200, 200, 200, 200)),
    "account_email_verification_sent": Row(same(200)),
    "account_change_password": Row((LOGIN, 200, 200, 200, 200, 200)),
    "account_set_password": Row((LOGIN, 302, 302, 302, 302, 302)),
    "account_reset_password": Row(same(200)),
    "account_confirm_login_code": Row((302, 302, 302, 302, 302, 302)),
    "account_confirm_email": Row(same(200), {"key": "nonsense"}),
    "account_reset_password_from_key": Row(same(200), {"uidb36": "nonsense", "key": "nonsense"}),
    "account_reset_password_from_key_done": Row(same(200)),
    "account_reset_password_done": Row(same(200)),
    # The portal itself.
    "set_language": Row(same(302), method="POST", form={"language": "en"}),
    "settings-retention": Row((LOGIN, 403, 200, 403, 200, 403)),
    "switch-company": Row((LOGIN, 302, 302, 302, 302, 302), method="POST"),
    "no-company": Row((LOGIN, 403, 403, 403, 403, 403)),
    "health": Row(same(200)),
    "settings": Row((LOGIN, 200, 200, 200, 200, 200)),
    "settings-me": Row((LOGIN, 200, 200, 200, 200, 200)),
    # One leaves for oneself only.
    "settings-leave": Row((LOGIN, 404, 404, 200, 404, 404), {"pk": "myself"}),
    "settings-company": Row((LOGIN, 200, 200, 200, 200, 200)),
    "settings-company-edit": Row((LOGIN, 403, 403, 403, 200, 403)),
    "settings-provider": Row((LOGIN, 403, 403, 403, 200, 403)),
    "settings-provider-check": Row((LOGIN, 403, 403, 403, 404, 403), method="POST"),
    "settings-provider-remove": Row((LOGIN, 403, 403, 403, 404, 403), method="POST"),
    "settings-people": Row((LOGIN, 200, 200, 200, 200, 200)),
    "settings-invite": Row((LOGIN, 403, 403, 403, 200, 403)),
    "settings-person": Row((LOGIN, 403, 403, 403, 200, 403), {"pk": "colleague"}),
    "settings-person-end": Row((LOGIN, 403, 403, 403, 200, 403), {"pk": "colleague"}),
    "settings-invitation-again": Row((LOGIN, 403, 403, 403, 302, 403), {"pk": "invitation"}, "POST"),
    "settings-invitation-withdraw": Row((LOGIN, 403, 403, 403, 302, 403), {"pk": "invitation"}, "POST"),
    "invitation": Row(same(200), {"secret": "invitation_secret"}),
    "settings-nsso": Row((LOGIN, 200, 200, 200, 200, 200)),
    "settings-nsso-key": Row((LOGIN, 403, 403, 403, 302, 403), method="POST"),
    "settings-nsso-client": Row((LOGIN, 403, 403, 403, 200, 403), method="POST"),
    "settings-nsso-public-key": Row((LOGIN, 403, 403, 403, 200, 403)),
    "settings-nsso-certificate": Row((LOGIN, 403, 403, 403, 200, 403)),
    "settings-nsso-guide": Row((LOGIN, 200, 200, 200, 200, 200)),
    "settings-nsso-test": Row((LOGIN, 403, 403, 403, 200, 403), method="POST"),
    # Nobody here has a second key yet.
    "settings-nsso-spare": Row((LOGIN, 403, 403, 403, 302, 403), method="POST"),
    "settings-nsso-spare-certificate": Row((LOGIN, 403, 403, 403, 404, 403)),
    "settings-nsso-spare-test": Row((LOGIN, 403, 403, 403, 404, 403), method="POST"),
    "settings-nsso-spare-switch": Row((LOGIN, 403, 403, 403, 302, 403), method="POST"),
    "settings-nsso-spare-discard": Row((LOGIN, 403, 403, 403, 302, 403), method="POST"),
    "settings-audit": Row((LOGIN, 403, 200, 403, 200, 403)),
    "settings-outbox": Row((LOGIN, 403, 403, 403, 200, 403)),
    "settings-letter": Row((LOGIN, 403, 403, 403, 404, 403), {"name": "nonsense", "number": "number"}),
    "settings-style-guide": Row((LOGIN, 200, 200, 200, 200, 200)),
    # Saved views are one's own, whatever one's role; a deed for ticked rows passes over what is not there.
    "view-save": Row(
        (LOGIN, 302, 302, 302, 302, 302), method="POST", form={"next": "/workers/", "name": "x"}
    ),
    "view-change": Row((LOGIN, 404, 404, 302, 404, 404), {"view": "view"}, "POST", {"name": "x"}),
    "view-delete": Row((LOGIN, 404, 404, 302, 404, 404), {"view": "view"}, "POST"),
    "dashboard": Row(same(200)),
    "chain-gaps": Row((LOGIN, 200, 200, 200, 200, 200)),
    "search": Row((LOGIN, 200, 200, 200, 200, 200)),
    # Declarations: the chain reads, the declarer changes.
    "declarations:list": Row((LOGIN, 200, 200, 200, 200, 200)),
    "declarations:new": Row((LOGIN, 200, 403, 200, 200, 200)),
    "declarations:detail": Row((LOGIN, 404, 200, 200, 200, 200), _DECLARATION),
    "declarations:edit": Row((LOGIN, 404, 403, 200, 200, 403), _DECLARATION),
    "declarations:paper-new": Row((LOGIN, 404, 403, 200, 200, 403), _DECLARATION),
    "declarations:paper": Row((LOGIN, 404, 200, 200, 200, 403), _ATTACHMENT),
    "declarations:paper-withdraw": Row((LOGIN, 404, 403, 200, 200, 403), _ATTACHMENT),
    "declarations:move": Row((LOGIN, 404, 403, 200, 200, 403), {"pk": "declaration", "move": "move"}),
    "declarations:takeover": Row((LOGIN, 404, 403, 200, 200, 403), _DECLARATION),
    "declarations:takeover-steps": Row((LOGIN, 404, 200, 200, 200, 403), _DECLARATION),
    "declarations:takeover-step": Row((LOGIN, 404, 403, 302, 302, 403), _DECLARATION, "POST"),
    "declarations:former": Row((LOGIN, 404, 403, 200, 200, 403), _DECLARATION),
    "declarations:workplace-new": Row((LOGIN, 404, 403, 200, 200, 403), _DECLARATION),
    "declarations:chain": Row((LOGIN, 404, 200, 200, 200, 200), _DECLARATION),
    "declarations:subcontract": Row((LOGIN, 404, 200, 200, 200, 200), _PLACE),
    "declarations:subcontract-edit": Row((LOGIN, 404, 403, 200, 200, 403), _PLACE),
    "declarations:subcontract-move": Row((LOGIN, 404, 403, 200, 200, 403), _PLACE),
    "declarations:subcontract-end": Row((LOGIN, 404, 403, 200, 200, 403), _PLACE),
    "declarations:subcontract-keep-on": Row((LOGIN, 404, 403, 302, 302, 403), _PLACE, "POST"),
    "declarations:means-new": Row((LOGIN, 404, 403, 200, 200, 403), _PLACE),
    "declarations:means-file": Row((LOGIN, 404, 200, 200, 200, 200), _PLACE | {"means": "means"}),
    "declarations:means-withdraw": Row((LOGIN, 404, 403, 302, 302, 403), _PLACE | {"means": "means"}, "POST"),
    # Whoever stands above invites; the invitation is the inviter's alone.
    "declarations:chain-invite": Row((LOGIN, 404, 403, 200, 200, 404), _INVITED),
    "declarations:chain-invitation-again": Row(
        (LOGIN, 404, 403, 302, 302, 404), _INVITED | {"invitation": "chain_invitation"}, "POST"
    ),
    "declarations:chain-invitation-withdraw": Row(
        (LOGIN, 404, 403, 302, 302, 404), _INVITED | {"invitation": "chain_invitation"}, "POST"
    ),
    "declarations:clause": Row((LOGIN, 200, 200, 200, 200, 200)),
    "declarations:clause-pdf": Row((LOGIN, 200, 200, 200, 200, 200), {"language": "language"}),
    # The point is the declarer's general one: the sub has points of its own.
    # The scope advisor asks everybody; only whoever declares keeps its answer, and it is the company's own.
    "declarations:advisor": Row((LOGIN, 200, 200, 200, 200, 200)),
    "declarations:assessment-list": Row((LOGIN, 200, 200, 200, 200, 200)),
    "declarations:assessment-keep": Row((LOGIN, 302, 403, 302, 302, 302), method="POST"),
    "declarations:assessment": Row((LOGIN, 404, 200, 200, 200, 404), _ASSESSMENT),
    "declarations:assessment-pdf": Row((LOGIN, 404, 200, 200, 200, 404), _ASSESSMENT),
    "declarations:declaration-posters": Row((LOGIN, 404, 200, 200, 200, 200), _DECLARATION),
    "declarations:nsso-address": Row((LOGIN, 404, 403, 200, 200, 403), _DECLARATION),
    "declarations:guides": Row((LOGIN, 200, 200, 200, 200, 200)),
    "declarations:guide": Row((LOGIN, 200, 200, 200, 200, 200), {"topic": "topic"}),
    "declarations:poster": Row((LOGIN, 404, 200, 200, 200, 200), _DECLARATION),
    "declarations:share": Row((LOGIN, 404, 200, 200, 200, 404), _POINT),
    "declarations:qr-svg": Row((LOGIN, 404, 200, 200, 200, 404), _POINT),
    "declarations:qr-png": Row((LOGIN, 404, 200, 200, 200, 404), _POINT),
    "declarations:posters": Row((LOGIN, 302, 403, 302, 302, 302), method="POST"),
    "declarations:workplace-list": Row((LOGIN, 200, 200, 200, 200, 200)),
    "declarations:company-list": Row((LOGIN, 200, 200, 200, 200, 200)),
    "declarations:workplace-detail": Row((LOGIN, 404, 200, 200, 200, 200), {"pk": "workplace"}),
    # Other firms, as one has to do with them; oneself is none of them.
    "declarations:company-detail": Row((LOGIN, 404, 200, 200, 200, 404), _COMPANY),
    "declarations:company-edit": Row((LOGIN, 404, 403, 200, 200, 404), _COMPANY),
    "registrations:declaration-now": Row((LOGIN, 404, 200, 200, 200, 200), {"declaration": "declaration"}),
    "registrations:takeover-radar": Row((LOGIN, 404, 200, 200, 200, 200), {"declaration": "declaration"}),
    "registrations:place-now": Row(
        (LOGIN, 404, 200, 200, 200, 200), {"declaration": "declaration", "place": "subcontract"}
    ),
    "registrations:workplace-now": Row((LOGIN, 404, 200, 200, 200, 200), {"workplace": "workplace"}),
    "registrations:company-now": Row((LOGIN, 404, 200, 200, 200, 404), {"subject": "subcontractor"}),
    # Gaps: everybody sees those below itself, the office says whom it expects and writes reminders.
    "registrations:declaration-gaps": Row((LOGIN, 404, 200, 200, 200, 200), {"declaration": "declaration"}),
    "registrations:chain-days": Row((LOGIN, 404, 200, 200, 200, 200), {"declaration": "declaration"}),
    # Its own place nobody judges.
    "registrations:expected-days": Row(
        (LOGIN, 404, 403, 200, 200, 403), {"declaration": "declaration", "place": "subcontract"}
    ),
    "registrations:company-gaps": Row((LOGIN, 404, 200, 200, 200, 404), {"subject": "subcontractor"}),
    "registrations:reminder-new": Row(
        (LOGIN, 404, 403, 200, 200, 404), {"declaration": "declaration", "company": "subcontractor"}
    ),
    "registrations:reminder": Row((LOGIN, 404, 200, 200, 200, 404), {"reminder": "reminder"}),
    "registrations:chain-paper-new": Row((LOGIN, 200, 200, 200, 200, 200)),
    # Workers, registrations and remarks of the declarer: nobody below it sees them.
    "registrations:worker-list": Row((LOGIN, 200, 200, 200, 200, 200)),
    "registrations:worker-new": Row((LOGIN, 200, 403, 200, 200, 200)),
    "registrations:worker-detail": Row((LOGIN, 404, 200, 200, 200, 404), _WORKER),
    "registrations:worker-edit": Row((LOGIN, 404, 403, 200, 200, 404), _WORKER),
    "registrations:worker-number": Row((LOGIN, 404, 403, 200, 200, 404), _WORKER, "POST"),
    "registrations:worker-code": Row((LOGIN, 404, 403, 200, 200, 404), _WORKER, "POST"),
    "registrations:code-revoke": Row(
        (LOGIN, 404, 403, 302, 302, 404), _WORKER | {"code": "pairing_code"}, "POST"
    ),
    "registrations:link-revoke": Row((LOGIN, 404, 403, 302, 302, 404), _WORKER | {"link": "link"}, "POST"),
    "registrations:card-revoke": Row((LOGIN, 404, 403, 200, 200, 404), _WORKER | {"card": "card"}),
    "registrations:card-chip": Row((LOGIN, 404, 403, 200, 200, 404), _WORKER | {"card": "card"}),
    "registrations:workers-cards": Row((LOGIN, 302, 403, 302, 302, 302), method="POST"),
    "registrations:workers-cards-pdf": Row((LOGIN, 302, 403, 302, 302, 302), method="POST"),
    "registrations:workers-pair": Row((LOGIN, 302, 403, 302, 302, 302), method="POST"),
    "registrations:information-sheets": Row((LOGIN, 302, 403, 302, 302, 302), method="POST"),
    "registrations:workers-informed": Row((LOGIN, 302, 403, 302, 302, 302), method="POST"),
    "registrations:worker-pair": Row((LOGIN, 404, 403, 200, 200, 404), _WORKER, "POST"),
    "registrations:phone-revoke": Row(
        (LOGIN, 404, 403, 302, 302, 404), {"worker": "worker", "phone": "phone"}, "POST"
    ),
    "registrations:registration-list": Row((LOGIN, 200, 200, 200, 200, 200)),
    "registrations:registration-detail": Row(
        (LOGIN, 404, 200, 200, 200, 404), {"registration": "registration"}
    ),
    "registrations:registrations-release": Row((LOGIN, 302, 403, 302, 302, 302), method="POST"),
    "registrations:registration-release": Row(
        (LOGIN, 404, 403, 302, 302, 404), {"registration": "held"}, "POST"
    ),
    # Everybody compares what the own company sees.
    "registrations:reconciliation-list": Row((LOGIN, 200, 200, 200, 200, 200)),
    "registrations:reconciliation-day": Row((LOGIN, 200, 200, 200, 200, 200), {"day": "day"}),
    "registrations:reconciliation-file": Row((LOGIN, 200, 200, 200, 200, 200), {"day": "day"}),
    "registrations:remark-list": Row((LOGIN, 200, 200, 200, 200, 200)),
    "registrations:remark-detail": Row((LOGIN, 404, 200, 200, 200, 404), {"remark": "remark"}),
    # What workers reported to the company; whoever looks after workers answers.
    "registrations:error-list": Row((LOGIN, 200, 200, 200, 200, 200)),
    "registrations:error-detail": Row((LOGIN, 404, 200, 200, 200, 404), {"error": "error"}),
    "registrations:error-answer": Row(
        (LOGIN, 404, 403, 302, 302, 404), {"error": "error"}, "POST", {"answer": "Settled."}
    ),
    # Everybody sees the own company's traffic; the owner hands out its status line.
    "registrations:nsso-traffic": Row((LOGIN, 200, 200, 200, 200, 200)),
    "registrations:status-address": Row((LOGIN, 403, 403, 403, 200, 403), method="POST"),
    "registrations:status-address-revoke": Row((LOGIN, 403, 403, 403, 302, 403), method="POST"),
    "registrations:preflight": Row((LOGIN, 200, 200, 200, 200, 200)),
    "registrations:my-deadlines": Row((LOGIN, 200, 200, 200, 200, 200)),
    "registrations:digest-choice": Row((LOGIN, 302, 302, 302, 302, 302), method="POST"),
    "registrations:deadline-calendar-make": Row((LOGIN, 200, 200, 200, 200, 200), method="POST"),
    "registrations:deadline-calendar-revoke": Row((LOGIN, 302, 302, 302, 302, 302), method="POST"),
    "deadline-calendar": Row(same(200), {"secret": "deadline_secret"}),
    "status-line": Row(same(200), {"secret": "status_secret"}),
    # What is taken out belongs to the company alone; full numbers only to who may reveal them.
    "registrations:export-list": Row((LOGIN, 200, 200, 200, 200, 200)),
    "registrations:export-new": Row((LOGIN, 200, 200, 200, 200, 200)),
    "registrations:export-file": Row((LOGIN, 404, 403, 200, 200, 404), {"export": "export"}),
    # A request of the declarer about its own registration: the subcontractor is not concerned.
    "registrations:remarks-correct": Row((LOGIN, 302, 403, 302, 302, 302), method="POST"),
    # Without remarks there is nothing to write about.
    "registrations:remarks-remind": Row((LOGIN, 302, 403, 302, 302, 302), method="POST"),
    "registrations:remark-reminder-new": Row((LOGIN, 302, 403, 302, 302, 302)),
    "registrations:remark-reminder": Row((LOGIN, 404, 200, 200, 200, 404), {"reminder": "remark_reminder"}),
    "registrations:correction-list": Row((LOGIN, 200, 200, 200, 200, 200)),
    "registrations:correction-new": Row((LOGIN, 302, 403, 302, 302, 302)),
    "registrations:correction-detail": Row((LOGIN, 404, 200, 200, 200, 404), _CORRECTION),
    "registrations:correction-edit": Row((LOGIN, 404, 403, 200, 200, 404), _CORRECTION),
    "registrations:correction-sent": Row((LOGIN, 404, 403, 200, 200, 404), _CORRECTION),
    "registrations:correction-outcome": Row((LOGIN, 404, 403, 200, 200, 404), _CORRECTION),
    "registrations:correction-withdraw": Row((LOGIN, 404, 403, 200, 200, 404), _CORRECTION),
    "registrations:correction-offer": Row((LOGIN, 404, 403, 200, 200, 404), _CORRECTION),
    "registrations:correction-ready": Row((LOGIN, 404, 403, 302, 302, 404), _CORRECTION, "POST"),
    "registrations:correction-approve": Row((LOGIN, 404, 403, 302, 302, 404), _CORRECTION, "POST"),
    "registrations:correction-claim": Row((LOGIN, 404, 403, 302, 302, 404), _CORRECTION, "POST"),
    "registrations:correction-offer-end": Row((LOGIN, 404, 403, 302, 302, 404), _CORRECTION, "POST"),
    "registrations:correction-evidence": Row((LOGIN, 404, 403, 200, 200, 404), _CORRECTION, "POST"),
    "registrations:correction-evidence-file": Row((LOGIN, 404, 200, 200, 200, 404), _EVIDENCE),
    "registrations:correction-evidence-remove": Row((LOGIN, 404, 403, 302, 302, 404), _EVIDENCE, "POST"),
    "registrations:correction-bundle": Row((LOGIN, 404, 403, 302, 302, 404), _CORRECTION, "POST"),
    "registrations:correction-settings": Row((LOGIN, 200, 200, 200, 200, 200)),
    "registrations:correction-settings-edit": Row((LOGIN, 403, 403, 403, 200, 403)),
    "registrations:report-list": Row((LOGIN, 200, 200, 200, 200, 200)),
    "registrations:report-new": Row((LOGIN, 200, 200, 200, 200, 200)),
    "registrations:report-detail": Row((LOGIN, 404, 200, 200, 200, 404), _REPORT),
    "registrations:report-retry": Row((LOGIN, 404, 302, 302, 302, 404), _REPORT, "POST"),
    "registrations:report-file": Row((LOGIN, 404, 200, 200, 200, 404), _REPORT_FILE),
    # Outages and emergencies: a company's own; everybody reads, the office declares, an owner names contacts.
    "registrations:outage-list": Row((LOGIN, 200, 200, 200, 200, 200)),
    "registrations:outage-new": Row((LOGIN, 200, 403, 200, 200, 200)),
    "registrations:outage-detail": Row((LOGIN, 404, 200, 200, 200, 404), _OUTAGE),
    "registrations:outage-end": Row((LOGIN, 404, 403, 200, 200, 404), _OUTAGE),
    "registrations:outage-add": Row((LOGIN, 404, 403, 200, 200, 404), _OUTAGE),
    "registrations:dossier-new": Row((LOGIN, 200, 200, 200, 200, 200)),
    # Without days there is no file: the form asks for them.
    "registrations:outage-attempts": Row((LOGIN, 302, 302, 302, 302, 302)),
    "registrations:emergency": Row((LOGIN, 200, 200, 200, 200, 200)),
    "registrations:emergency-edit": Row((LOGIN, 403, 403, 403, 200, 403)),
    "registrations:emergency-sheet": Row((LOGIN, 200, 200, 200, 200, 200)),
    # Cleaners' pages: open to anybody, whoever is signed in beside.
    "phone:enter": Row(same(200)),
    "phone:point": Row(same(200), _SITE),
    "phone:language": Row(same(303), {}, "POST", {"language": "fr"}),
    "phone:kit": Row(same(200), _SITE),
    "phone:offline": Row(same(200)),
    "phone:hand-over": Row(same(200)),
    "phone:take-over": Row(same(200)),
    "phone:worker": Row(same(200)),
    # Without a list of taps.
    "phone:replay": Row(same(400), method="POST"),
    "phone:confirmation": Row(same(200), _TAPPED),
    "phone:state": Row(same(200), _TAPPED),
    "phone:answer": Row(same(404), _TAPPED, "POST"),
    "phone:pair": Row(same(200), {"secret": "secret"}),
    "phone:sign-in": Row(same(404), _SITE | {"company": "subcontractor"}),
    "phone:signed-in": Row(same(422)),
    "phone:signed-in-pair": Row(same(422), method="POST"),
    "phone:pair-by-code": Row(same(200)),
    "phone:card": Row(same(200), {"secret": "card_secret"}),
    "phone:was-it-you": Row(same(403), {"registration_id": "registration"}, "POST", {"answer": "no"}),
    "phone:place": Row(same(404), _TAPPED, "POST"),
    # One's own pages, on a paired phone only.
    "phone:mine": Row(same(403)),
    "phone:end": Row(same(403), {"registration_id": "registration"}, "POST"),
    "phone:agreements": Row(same(403)),
    "phone:report": Row(same(403)),
    "phone:file": Row(same(403)),
    "phone:own-pdf": Row(same(403)),
    "phone:own-csv": Row(same(403)),
    "phone:calendar-make": Row(same(403), method="POST"),
    "phone:calendar-revoke": Row(same(403), method="POST"),
    # The secret is the authority, whoever is signed in beside.
    "phone:calendar": Row(same(404), {"secret": "secret"}),
    # Tablets: everybody of the company sees them, the office hangs them up; the pages are a paired tablet's.
    "registrations:tablet-list": Row((LOGIN, 200, 200, 200, 200, 200)),
    "registrations:tablet-new": Row((LOGIN, 200, 403, 200, 200, 200)),
    "registrations:tablet-edit": Row((LOGIN, 404, 403, 200, 200, 404), _TABLET),
    "registrations:tablet-link": Row((LOGIN, 404, 403, 200, 200, 404), _TABLET, "POST"),
    "registrations:tablet-revoke": Row((LOGIN, 404, 403, 200, 200, 404), _TABLET),
    "kiosk:start": Row(same(403)),
    "kiosk:present": Row(same(403), method="POST"),
    "kiosk:tap": Row(same(403), method="POST"),
    "kiosk:done": Row(same(403), {"registration_id": "registration"}),
    "kiosk:language": Row(same(403), method="POST"),
    "kiosk:frame": Row(same(403), method="POST"),
    "kiosk:alive": Row(same(403)),
    "kiosk:replay": Row(same(403), method="POST"),
    "kiosk:worker": Row(same(200)),
    "kiosk:pair": Row(same(200), {"secret": "tablet_secret"}),
    # Practice: nobody is asked who they are.
    "registrations:practice": Row((LOGIN, 200, 200, 200, 200, 200)),
    "registrations:practice-poster": Row((LOGIN, 200, 200, 200, 200, 200)),
    "phone:practice": Row(same(200)),
    "phone:practice-done": Row(same(303)),
}


def address_of(name: str, arguments: Mapping[str, str | int | UUID]) -> str:
    """The path of a named address, with what its row says put into it."""
    return reverse(name, kwargs={key: arguments[what] for key, what in TABLE[name].arguments.items()})
