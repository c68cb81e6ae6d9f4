"""The settings every test run starts from, whatever the developer's shell or .env says.

Loaded by pytest (`-p tests.environment`) before Django's settings are. Only `DATABASE_URL` is taken over from
whoever starts pytest, so that the same tests run on SQLite and on PostgreSQL.
"""

import atexit
import os
import shutil
import tempfile
from base64 import b64encode
from pathlib import Path

# A parallel worker makes its folder inside that of the process that started it, which deletes both.
_is_worker = "PYTEST_XDIST_WORKER" in os.environ
_folder = Path(tempfile.mkdtemp(prefix="ciao-tests-", dir=os.environ["VAR_DIR"] if _is_worker else None))
# WhiteNoise warns about a missing folder, and warnings are errors.
(_folder / "static").mkdir()
atexit.register(shutil.rmtree, _folder, ignore_errors=True)

FIXED = {
    "DEBUG": "False",
    "PUBLIC_URL": "http://portal.test",
    "ALLOWED_HOSTS": "*",
    "NSSO_ENVIRONMENT": "simulator",
    "SECRET_KEY": "tests-only-0123456789-abcdefghijklmnopqrstuvwxyz",
    # Two keys, newest first: reading under an older key is part of every test.
    "FIELD_KEYS": ",".join(f"{name}:{b64encode(name.encode() * 16).decode()}" for name in ("k2", "k1")),
    "VAR_DIR": str(_folder),
    "REDIS_URL": "",
    "EMAIL_URL": "",
    # Most tests look at rows of a transaction that no other thread can see.
    "NSSO_SENDER_THREADS": "1",
}
_database_url = os.environ.get("DATABASE_URL") or f"sqlite:///{_folder / 'portal.sqlite3'}"

for _name in ("SECRET_KEY_FILE", "FIELD_KEYS_FILE", "NSSO_BASE_URL", "NSSO_TOKEN_URL", "SIMULATOR_PORT"):
    os.environ.pop(_name, None)
os.environ.update(FIXED)
os.environ["DATABASE_URL"] = _database_url
# Playwright's own loop is running while the synchronous browser tests touch the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
