"""Restore a backup into an empty database and folder."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ciao_portal.backup.archive import BackupError
from ciao_portal.backup.passphrases import passphrase
from ciao_portal.backup.restoring import restore


class Command(BaseCommand):
    help = "Restore FILE into an empty database; stop web, sender and worker first."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        os.umask(0o077)
        try:
            notes = restore(options["file"], passphrase=passphrase(is_new=False), now=timezone.now())
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("\n".join(notes))
