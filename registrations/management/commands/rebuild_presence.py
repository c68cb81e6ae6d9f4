"""Rebuild the maintained presences from the registrations."""

from typing import Any

from django.core.management.base import BaseCommand

from registrations.services.presence import rebuild_all


class Command(BaseCommand):
    help = "Rebuild the maintained presence states from the registrations."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(f"{rebuild_all()} histories folded")
