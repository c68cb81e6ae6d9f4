"""The first company and its owner on a portal without the demo: accounts come by invitation only."""

import getpass
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from ciao_portal.audit import Actor
from ciao_portal.companies import add_member, company_with_number
from ciao_portal.errors import DomainError
from ciao_portal.identifiers import parse_enterprise_number
from ciao_portal.models import Company, Role, User


class Command(BaseCommand):
    help = "Give a company its first owner, who can then sign in. The password is asked for."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("enterprise_number", help="such as 0206.731.645")
        parser.add_argument("name", help="what the company calls itself")
        parser.add_argument("email", help="the owner's e-mail address")
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES], default="nl")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            number = parse_enterprise_number(options["enterprise_number"])
            validate_email(options["email"])
            password = getpass.getpass("Password of the owner: ")
            validate_password(password)
        except DomainError as error:
            raise CommandError(str(error)) from None
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        company = self._found(number, password, options)
        self.stdout.write(f"{options['email']} can sign in for {company} ({company.number}).")

    @transaction.atomic
    def _found(self, number: str, password: str, options: dict[str, Any]) -> Company:
        now = timezone.now()
        company = company_with_number(enterprise_number=number, now=now)
        if company.memberships.exists():
            raise CommandError(f"{company} has people already; its owner invites others.")
        if User.objects.filter(email=options["email"].lower()).exists():
            raise CommandError(f"{options['email']} has an account already.")
        company.name, company.language = options["name"], options["language"]
        company.save(update_fields=["name", "language"])
        owner = User.objects.create_user(options["email"], password, language=options["language"])
        add_member(company=company, user=owner, role=Role.OWNER, actor=Actor(company), now=now)
        return company
