"""What the database hands over as text and numbers is exactly what it keeps."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ciao_portal.tenancy import company_scope
from registrations.exports.plain import Microseconds, UuidText, microseconds_of, moment_of
from registrations.models import Export
from tests.cast import NOW, Cast

MIDNIGHT = datetime(2026, 3, 29, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@pytest.mark.django_db
@pytest.mark.parametrize("moment", [MIDNIGHT - MICROSECOND, MIDNIGHT, MIDNIGHT + MICROSECOND, NOW])
def test_ids_and_moments(cast: Cast, moment: datetime) -> None:
    day = moment.date()
    columns = (UuidText("id"), UuidText("company_id"), Microseconds("requested_at"))
    with company_scope(cast.main):
        made = Export.objects.create(
            company=cast.main,
            requested_by=cast.owner,
            requested_at=moment,
            first_day=day,
            last_day=day,
            language="en",
            expires_at=moment,
        )
        found = Export.objects.values_list(*columns).get()
    assert found == (str(made.pk), str(cast.main.pk), microseconds_of(moment))


@given(st.datetimes(timezones=st.just(UTC)))
def test_there_and_back(moment: datetime) -> None:
    assert moment_of(microseconds_of(moment)) == moment
