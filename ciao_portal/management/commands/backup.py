"""Back up the portal into one encrypted file."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ciao_portal.backup.archive import BackupError
from ciao_portal.backup.making import make
from ciao_portal.backup.passphrases import passphrase


class Command(BaseCommand):
    help = "Back up database, private files and own secrets into FILE (new), also while the portal runs."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        os.umask(0o077)
        try:
            told = make(options["file"], passphrase=passphrase(is_new=True), now=timezone.now())
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("\n".join([f"{options['file']} is written and was read back.", *told]))
