"""Give out or load what the NSSO's remark codes and validities mean."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ciao_portal.errors import DomainError
from registrations.services.meanings import load_meanings, meanings_as_text


class Command(BaseCommand):
    help = "Give out (--export FILE) or replace (--load FILE) the table of remark codes and validities."

    def add_arguments(self, parser: ArgumentParser) -> None:
        wish = parser.add_mutually_exclusive_group(required=True)
        wish.add_argument("--export", type=Path, metavar="FILE", help="write the loaded table as JSON")
        wish.add_argument("--load", type=Path, metavar="FILE", help="replace the table by this JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            if options["export"]:
                options["export"].write_text(meanings_as_text(), encoding="utf-8")
                self.stdout.write(f"Written: {options['export']}")
            else:
                count = load_meanings(options["load"].read_text(encoding="utf-8-sig"))
                self.stdout.write(f"Meanings loaded: {count}.")
        except DomainError as error:
            raise CommandError(f"Nothing was changed.\n{error}") from error
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{options['export'] or options['load']}: {error}") from error
