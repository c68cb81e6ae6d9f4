"""A connection to SQLite that may be kept from request to request.

An open connection goes on reading and writing its file after that was moved away, deleted or replaced: it
would confirm registrations into a file nobody will ever look at. Django asks `is_usable` once in each request
(`CONN_HEALTH_CHECKS`), and makes a new connection when the answer is no.
"""

from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Knows which file it opened."""

    _opened: tuple[int, int] | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        self._opened = self._file()
        return connection

    def is_usable(self) -> bool:
        """Whether the file of that name is still the one that was opened, and no error came between."""
        return not self.errors_occurred and self._file() == self._opened

    def _file(self) -> tuple[int, int] | None:
        """Device and number of the file; None when there is none, as of a database in memory."""
        try:
            found = Path(self.settings_dict["NAME"]).stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino
