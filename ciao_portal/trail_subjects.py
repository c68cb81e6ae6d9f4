"""What audit events of the foundation are about: people, invitations, the company, its access."""

from django.urls import reverse

from ciao_portal.models import (
    Company,
    IdentityProvider,
    Invitation,
    Membership,
    NssoCredentials,
    Paper,
    SentLetter,
)
from ciao_portal.trail import Finder, Subject


def memberships(company: Company, ids: set[str]) -> dict[str, Subject]:
    found = Membership.objects.filter(company=company, pk__in=ids).select_related("user")
    people_url = reverse("settings-people")
    return {str(one.pk): Subject(str(one.user), people_url) for one in found}


def invitations(company: Company, ids: set[str]) -> dict[str, Subject]:
    found = Invitation.objects.filter(company=company, pk__in=ids)
    return {str(one.pk): Subject(one.email, reverse("settings-people")) for one in found}


def companies(company: Company, ids: set[str]) -> dict[str, Subject]:
    own = str(company.pk)
    return {own: Subject(str(company), reverse("settings-company"))} if own in ids else {}


def accesses(company: Company, ids: set[str]) -> dict[str, Subject]:
    found = NssoCredentials.objects.filter(company=company, pk__in=ids)
    return {str(one.pk): Subject(one.client_id, reverse("settings-nsso")) for one in found}


def providers(company: Company, ids: set[str]) -> dict[str, Subject]:
    found = IdentityProvider.objects.filter(company=company, pk__in=ids)
    return {str(one.pk): Subject(one.issuer, reverse("settings-provider")) for one in found}


def papers(company: Company, ids: set[str]) -> dict[str, Subject]:
    return {str(one.pk): Subject(one.title) for one in Paper.objects.filter(company=company, pk__in=ids)}


def letters(company: Company, ids: set[str]) -> dict[str, Subject]:
    found = SentLetter.objects.filter(company=company, pk__in=ids)
    return {str(one.pk): Subject(f"{one.subject} ({one.address})") for one in found}


FINDERS: dict[str, Finder] = {
    "ciao_portal.membership": memberships,
    "ciao_portal.invitation": invitations,
    "ciao_portal.company": companies,
    "ciao_portal.nssocredentials": accesses,
    "ciao_portal.identityprovider": providers,
    "ciao_portal.paper": papers,
    "ciao_portal.sentletter": letters,
}
