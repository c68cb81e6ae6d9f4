"""Time-ordered identifiers: Python 3.11 and PostgreSQL 15 have none of their own."""

from datetime import UTC, datetime
from uuid import UUID

from uuid_utils import compat


def new_id() -> UUID:
    """A UUID version 7 (RFC 9562): rows made later sort later, to the millisecond."""
    return compat.uuid7()


def first_id_of(moment: datetime) -> UUID:
    """The smallest id of this moment (aware): no row made since has a smaller one."""
    milliseconds = int(moment.timestamp() * 1000)
    return UUID(int=(milliseconds << 80) | (7 << 76) | (2 << 62))


def moment_of(id_: UUID) -> datetime:
    """When this id was made, by the clock of the machine (aware, UTC)."""
    return datetime.fromtimestamp((id_.int >> 80) / 1000, UTC)
