"""The sender: brings everything that waits in the outbox to its destination."""

import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from ciao_portal.outbox import Loop


class Command(BaseCommand):
    help = "Run the sender: resident, one or more per host; with --once until nothing is due."
    requires_system_checks = "__all__"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="drain what is due now, then end")

    def handle(self, *_args: Any, **options: Any) -> None:
        loop = Loop()
        if options["once"]:
            taken = loop.drain_all()
            loop.close()
            self.stdout.write(f"{taken} rows taken")
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: loop.stop())
        loop.run()
