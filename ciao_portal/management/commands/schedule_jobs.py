"""Tell the worker what to do by itself."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from ciao_portal import schedules


class Command(BaseCommand):
    help = "Install the scheduled jobs for the worker; may be run again at any time."

    def handle(self, *_args: Any, **options: Any) -> None:
        schedules.install(now=timezone.now())
        if options["verbosity"]:
            self.stdout.write(f"Scheduled jobs installed: {len(schedules.SCHEDULES)}.")
