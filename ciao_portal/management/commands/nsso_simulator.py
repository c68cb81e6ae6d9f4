"""Runs the stand-in for the NSSO that ships with the product."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ciao_portal.nsso.contract import ContractError
from ciao_portal.nsso.simulator.server import Server


class Command(BaseCommand):
    help = "Run the NSSO simulator on 127.0.0.1 until stopped: its own process, its own store."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=settings.SIMULATOR_PORT, help="0 takes a free one")
        parser.add_argument(
            "--data", type=Path, default=Path("var/simulator.sqlite3"), help="its SQLite file"
        )
        parser.add_argument(
            "--reference", type=Path, help="JSON file; its sections replace those in the store"
        )
        parser.add_argument("--delay", type=float, default=2.0, help="seconds from intake to the checks")
        parser.add_argument(
            "--seed", type=int, help="makes numbers, tokens and trace ids the same in every new run"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            server = Server(
                options["port"], data=options["data"], delay_s=options["delay"], seed=options["seed"]
            )
        except OSError as error:
            raise CommandError(f"Port {options['port']} cannot be used: {error.strerror}.") from error
        if options["reference"]:
            self._load(server, options["reference"])
        server.run(self._tell)

    def _load(self, server: Server, path: Path) -> None:
        if not path.exists():
            self.stderr.write(f"{path} is not there yet: the reference data stay as they are.")
            return
        try:
            server.simulator.load_reference(json.loads(path.read_text()))
        except (OSError, ContractError, ValueError) as error:
            raise CommandError(f"{path} cannot be used: {error}") from error

    def _tell(self, address: str) -> None:
        self.stdout.write(f"NSSO simulator ready at {address}")
        self.stdout.flush()
