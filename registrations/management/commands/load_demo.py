"""Load the demo, or keep it alive."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ciao_portal.env import VAR_DIR
from ciao_portal.identifiers import format_ssin
from ciao_portal.models import Company
from registrations.demo import heartbeat, loading, reference, scale
from registrations.demo.cast import PASSWORD, TYPES_BY_HAND
from registrations.demo.scale_founding import OWNER_EMAIL, SCALE

# What `make run` waits for; enough for the first people's whole story.
AT_ONCE_S = 4.0


class Command(BaseCommand):
    help = "Load the demo into an empty database, or go on with the demo that is there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-empty",
            action="store_true",
            help="leave a database in use alone, and leave most of the work to the background worker",
        )
        parser.add_argument(
            "--scale",
            type=int,
            metavar="N",
            help=(
                "beside whatever is in the database, write one large tenant with about N registrations over "
                "the last 100 days (10000, 1000000), straight into the tables: to try speed, nothing else"
            ),
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if settings.NSSO_ENVIRONMENT != "simulator":
            raise CommandError(
                "The demo runs with the simulator only, and NSSO_ENVIRONMENT is "
                f"{settings.NSSO_ENVIRONMENT}: nothing was loaded."
            )
        if options["scale"] is not None:
            self._load_scale(options["scale"])
        elif loading.is_loaded() or not Company.objects.exists():
            self._load(leave_the_rest=options["if_empty"])
        elif options["if_empty"]:
            self.stdout.write("The database is in use without the demo: it stays as it is.")
        else:
            raise CommandError("The database is not empty, so the demo was not loaded.")

    def _load_scale(self, registrations: int) -> None:
        if registrations < 1:
            raise CommandError("How many registrations? Give a number above zero: load_demo --scale 10000")
        if scale.is_loaded():
            raise CommandError(
                f"{SCALE.name} is in this database already. Take an empty database for another one."
            )
        made = scale.load(registrations=registrations, now=timezone.now())
        self.stdout.write(f"{SCALE.name} has {made} registrations. Sign in as {OWNER_EMAIL}, {PASSWORD}.")

    def _load(self, *, leave_the_rest: bool) -> None:
        """Found the demo or go on with it. `leave_the_rest`: a few seconds only, the worker does the rest."""
        now = timezone.now()
        seconds = AT_ONCE_S if leave_the_rest else None
        if loading.is_loaded():
            made = loading.keep_alive(now=now, seconds=seconds)
            self.stdout.write(f"The demo goes on: {made} new registrations.")
        else:
            made = loading.load(now=now, seconds=seconds)
            self.stdout.write(f"The demo is loaded: {made} registrations wait to be sent to the simulator.")
        heartbeat.install(now=now)
        reference.write(VAR_DIR, now=now)
        if reference.tell_simulator(reference.reference_data(now=now)):
            self.stdout.write("The simulator knows the demo's firms, people and works now.")
        else:
            path = VAR_DIR / reference.FILE_NAME
            self.stdout.write(f"The simulator is not running; it reads {path} when it starts.")
        address = loading.example_address(now=now)
        self.stdout.write(f"A cleaner's page: {address} (type {format_ssin(TYPES_BY_HAND.ssin)})")
