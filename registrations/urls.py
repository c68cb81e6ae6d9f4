"""Addresses of the dashboard, the office's lists and the cleaners' pages."""

from django.urls import include, path

from registrations.views.dashboard import dashboard
from registrations.views.deadlines import deadline_calendar
from registrations.views.gaps import chain_gap_list
from registrations.views.search import search
from registrations.views.status_line import status_line

urlpatterns = [
    # First, because every tap walks down this list.
    path("", include(("registrations.phone.urls", "phone"))),
    path("", include(("registrations.kiosk.urls", "kiosk"))),
    path("", dashboard, name="dashboard"),
    path("chain-gaps/", chain_gap_list, name="chain-gaps"),
    path("search/", search, name="search"),
    path("calendar/<str:secret>/deadlines.ics", deadline_calendar, name="deadline-calendar"),
    path("status/<str:secret>/", status_line, name="status-line"),
    path("", include(("registrations.views.urls", "registrations"))),
]
