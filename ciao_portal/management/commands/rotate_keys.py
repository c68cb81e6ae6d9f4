"""Re-encrypt national numbers and private keys under the newest key."""

from typing import Any

from django.core.management.base import BaseCommand

from ciao_portal.keys import rotate


class Command(BaseCommand):
    help = "Re-encrypt what stands under an older key of FIELD_KEYS; may be interrupted and repeated."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(f"{rotate()} values re-encrypted")
