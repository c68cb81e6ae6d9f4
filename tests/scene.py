"""One of everything an address may name, all of it the main contractor's."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from ciao_portal.access import make_key
from ciao_portal.audit import Actor
from ciao_portal.days import brussels_day
from ciao_portal.invitations import invite
from ciao_portal.models import Membership, Role, User
from ciao_portal.saved_views import save_view
from ciao_portal.tenancy import company_scope, unscoped
from declarations.models import Declaration, RegistrationMeans, Subcontract
from declarations.rules.advising import Case, Customer
from declarations.rules.thresholds import Sector
from declarations.services.agreed_means import agree_means
from declarations.services.assessing import assess
from declarations.services.attaching import attach_paper
from declarations.services.inviting import invite_from_chain
from registrations.exports.services import make_export
from registrations.models import (
    ChainReminder,
    Device,
    ErrorKind,
    PairingCode,
    PairingLink,
    RemarkReminder,
    Report,
    Submission,
)
from registrations.models.nsso import SubmissionState
from registrations.reports.rendering import Document
from registrations.reports.services import claim, finish, request_report
from registrations.services.cards import issue_cards
from registrations.services.deadline_calendars import make_deadline_calendar
from registrations.services.declared_outages import declare_outage
from registrations.services.errors import ErrorFacts, report_error
from registrations.services.pairing import offer_pairing, pair_phone
from registrations.services.pairing_codes import give_code
from registrations.services.status_addresses import make_address
from tests.cast import SSINS, Cast, make_worker
from tests.registrations.corrections.world import begin, prove
from tests.registrations.views.scene import accepted, remark_on
from tests.tablets import add
from tests.uploads import picture_file
from tests.works import declare, had_by, subcontract_to, tap

Arguments = dict[str, str | int | UUID]


def one_of_everything(cast: Cast) -> Arguments:
    """By the names that `tests/urls_table.py` uses; `secret` opens a pairing link that is still unused."""
    now = timezone.now()
    works = declare(cast.main, now=now)
    subcontract_to(works, cast.sub, now=now)
    had_by(works, cast.stranger, now=now)
    subcontract_to(works, cast.subsub, now=now)
    worker = make_worker(cast.main, SSINS[0], now=now)
    with company_scope(cast.main):
        used, unused = (
            offer_pairing(company=cast.main, person=worker.person, actor=Actor(cast.main), now=now)
            for _ in range(2)
        )
    pair_phone(secret=used, label="Android", now=now)
    with company_scope(cast.main):
        give_code(company=cast.main, person=worker.person, actor=Actor(cast.main), now=now)
        (card,) = issue_cards(company=cast.main, people=[worker.person], actor=Actor(cast.main), now=now)
        link = PairingLink.objects.get(used_at__isnull=True)
        code = PairingCode.objects.get()
    registration = tap(works, worker.person, now=now - timedelta(minutes=2)).registration
    presence = accepted(registration, nsso_id=17611)
    remark = remark_on(presence, seen_at=now)
    wrong_enterprise = remark_on(presence, "enterpriseNotActive", seen_at=now)
    correction = begin(cast.main, wrong_enterprise, user=cast.office, now=now)
    evidence = prove(correction, Actor(cast.main, cast.office), now=now)
    held = tap(works, worker.person, now=now).registration
    Submission.objects.filter(registration=held).update(state=SubmissionState.HELD, due_at=None)
    with company_scope(cast.main):
        invitation, invitation_secret = invite(
            company=cast.main,
            email="new@main.example",
            role=Role.OFFICE,
            language="nl",
            invited_by=cast.owner,
            now=now,
        )
        make_key(company=cast.main, actor=Actor(cast.main), now=now)
        membership = Membership.objects.get(user=cast.office)
        office = Actor(cast.main, cast.office)
        deadline_secret = make_deadline_calendar(membership=membership, actor=office, now=now)
        status_secret = make_address(company=cast.main, actor=Actor(cast.main), now=now)
    with company_scope(cast.main):
        remark_reminder = RemarkReminder.objects.create(company=cast.main, subject=cast.sub, created_at=now)
    with unscoped(reason="a test looks up the sub's place"):
        place = Subcontract.objects.get(company=cast.sub)
        invited_place = Subcontract.objects.get(company=cast.subsub)
    with company_scope(cast.main):
        agreed = agree_means(
            subcontract=place,
            means=RegistrationMeans.TABLET,
            system="",
            agreed_on=brussels_day(now),
            file=picture_file(),
            actor=Actor(cast.main),
            now=now,
        )
        chain_invitation, _secret = invite_from_chain(
            inviter=cast.main,
            company=cast.subsub,
            email="new@subsub.example",
            language="nl",
            invited_by=cast.owner,
            now=now,
        )
    export = make_export(
        company=cast.main,
        user=cast.owner,
        first_day=brussels_day(now),
        last_day=brussels_day(now),
        selection={},
        language="en",
        has_full_numbers=True,
        has_machine_keys=False,
        now=now,
    )
    with company_scope(cast.main):
        view = save_view(
            company=cast.main,
            user=cast.office,
            list_name="workers",
            name="Students",
            query="status=student",
            is_shared=True,
            is_default=False,
            now=now,
        )
    tablet, tablet_secret = add(cast.main, works.point(), now=now)
    report = ready_report(works.declaration, cast.owner, now=now)
    outage = declare_outage(
        company=cast.main,
        started_at=now - timedelta(hours=1),
        ended_at=None,
        note="The router is broken.",
        actor=Actor(cast.main, cast.office),
        now=now,
    )
    error = report_error(
        device=Device.objects.get(),
        facts=ErrorFacts(ErrorKind.TIME, registration.happened_day, cast.main, registration),
        now=now,
    )
    with company_scope(cast.main):
        reminder = ChainReminder.objects.create(
            company=cast.main, declaration=works.declaration, subject=cast.sub, created_at=now
        )
    case = Case(
        sector=Sector.CLEANING,
        work="buildings",
        customer=Customer.BUSINESS,
        own_staff=True,
        amount=Decimal(30_000),
        per_year=True,
        subcontractors=0,
        starts_on=brussels_day(now),
    )
    with company_scope(cast.main):
        assessment = assess(company=cast.main, user=cast.office, title="Parking Noord", case=case, now=now)
        attachment = attach_paper(
            declaration=works.declaration,
            kind="letter",
            file=picture_file(),
            actor=Actor(cast.main, cast.office),
            now=now,
        )
    return {
        "error": error.pk,
        "assessment": assessment.pk,
        "move": "cancel",
        "attachment": attachment.pk,
        "topic": "cleaning",
        "day": brussels_day(now).isoformat(),
        "declaration": works.declaration.pk,
        "point": works.point().pk,
        "code": works.point().code,
        "subcontract": place.pk,
        "invited_place": invited_place.pk,
        "means": agreed.pk,
        "chain_invitation": chain_invitation.pk,
        "language": "nl",
        "subcontractor": cast.sub.pk,
        "workplace": works.workplaces[0].pk,
        "worker": worker.pk,
        "phone": Device.objects.get().pk,
        "registration": registration.pk,
        "held": held.pk,
        "remark": remark.pk,
        "remark_reminder": remark_reminder.pk,
        "correction": correction.pk,
        "evidence": evidence.pk,
        "export": export.pk,
        "report": report.pk,
        "report_name": "presence-report",
        "outage": outage.pk,
        "reminder": reminder.pk,
        "view": view.pk,
        "secret": unused,
        "card_secret": card.secret,
        "card": card.badge.pk,
        "link": link.pk,
        "pairing_code": code.pk,
        "tablet": tablet.pk,
        "tablet_secret": tablet_secret,
        "deadline_secret": deadline_secret,
        "status_secret": status_secret,
        "colleague": Membership.objects.get(user=cast.auditor).pk,
        "myself": Membership.objects.get(user=cast.office).pk,
        "invitation": invitation.pk,
        "invitation_secret": invitation_secret,
        "nonsense": "nonsense",
        "number": 0,
    }


def ready_report(declaration: Declaration, user: User, *, now: datetime) -> Report:
    """A report that is there to be opened; what stands in it is no matter."""
    report = request_report(
        company=declaration.company,
        user=user,
        declaration=declaration,
        first_day=brussels_day(now),
        last_day=brussels_day(now),
        language="en",
        now=now,
    )
    claimed = claim(report.pk, now=now)
    assert claimed is not None
    finish(claimed, Document(b"%PDF-1.7", 0), now=now)
    return claimed
