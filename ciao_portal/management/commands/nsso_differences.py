"""Compares what the simulator answers with another description of the NSSO's interface."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ciao_portal.nsso.differences import Difference, differences
from ciao_portal.nsso.simulator.openapi import document

NOWHERE = "http://127.0.0.1"


class Command(BaseCommand):
    help = (
        "List how an OpenAPI description (JSON, one file) differs from the one the simulator answers by. "
        "Exit code 1 when it differs."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the official description, as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            theirs = json.loads(path.read_text(encoding="utf-8"))
            found = differences(document(NOWHERE), theirs if isinstance(theirs, dict) else {})
        except (OSError, ValueError) as error:
            raise CommandError(f"{path} cannot be used: {error}") from error
        for one in found:
            self.stdout.write(_line(one))
        if found:
            raise CommandError(f"{len(found)} differences.")
        self.stdout.write("No differences.")


def _line(one: Difference) -> str:
    if one.ours is None:
        return f"+ {one.place}: {one.theirs}"
    if one.theirs is None:
        return f"- {one.place}: {one.ours}"
    return f"~ {one.place}: {one.ours} -> {one.theirs}"
