"""The same morning as the pages have."""

from tests.registrations.views.conftest import morning as morning  # noqa: PLC0414  # a fixture by its name
