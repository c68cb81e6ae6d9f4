"""Where the passphrase of a backup comes from."""

import getpass
import sys

from ciao_portal.backup.archive import BackupError
from ciao_portal.env import secret

SETTING = "BACKUP_PASSPHRASE"


def passphrase(*, is_new: bool) -> str:
    """From the environment, from the file it names, or asked for on a terminal (twice for a new backup).

    Raises BackupError when there is none.
    """
    if given := secret(SETTING):
        return given
    if not sys.stdin.isatty():
        raise BackupError(f"{SETTING} (or {SETTING}_FILE) is not set, and there is no terminal to ask on.")
    typed = getpass.getpass("Passphrase of the backup: ")
    if not typed:
        raise BackupError("A backup needs a passphrase.")
    if is_new and getpass.getpass("The same once more: ") != typed:
        raise BackupError("These were two different passphrases.")
    return typed
