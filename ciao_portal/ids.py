"""Time-ordered identifiers: Python 3.11 and PostgreSQL 15 have none of their own."""

from uuid import UUID

from uuid_utils import compat


def new_id() -> UUID:
    """A UUID version 7 (RFC 9562): rows made later sort later, to the millisecond."""
    return compat.uuid7()
