"""Addresses of the dashboard, the office's lists and the cleaners' pages."""

from django.urls import include, path

from registrations.views.dashboard import dashboard

urlpatterns = [
    path("", dashboard, name="dashboard"),
    path("", include(("registrations.views.urls", "registrations"))),
    path("", include(("registrations.phone.urls", "phone"))),
]
