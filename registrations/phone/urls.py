"""Addresses of the cleaners' pages. The codes are public; the registration's id on a confirmation is not."""

from django.urls import path

from registrations.phone import (
    agreement_pages,
    ending,
    error_pages,
    file_pages,
    own_pages,
    pairing_pages,
    place_pages,
    views,
)

urlpatterns = [
    path("r/", views.enter, name="enter"),
    path("r/<str:code>/", views.point, name="point"),
    path("r/<str:code>/language/", views.language, name="language"),
    path("r/<str:code>/<uuid:registration_id>/", views.confirmation, name="confirmation"),
    path("r/<str:code>/<uuid:registration_id>/state", views.state, name="state"),
    path("r/<str:code>/<uuid:registration_id>/answer/", views.answer, name="answer"),
    path("r/<str:code>/<uuid:registration_id>/place/", place_pages.place, name="place"),
    path("p/<str:secret>/", pairing_pages.pair, name="pair"),
    path("me/", own_pages.mine, name="mine"),
    path("me/<uuid:registration_id>/end/", ending.end, name="end"),
    path("me/agreements/", agreement_pages.agreements, name="agreements"),
    path("me/report/", error_pages.report, name="report"),
    path("me/file/", file_pages.own_file, name="file"),
    path("me/file/registrations.pdf", file_pages.own_pdf, name="own-pdf"),
    path("me/file/registrations.csv", file_pages.own_csv, name="own-csv"),
    path("me/calendar/", file_pages.calendar_make, name="calendar-make"),
    path("me/calendar/revoke/", file_pages.calendar_revoke, name="calendar-revoke"),
    path("calendar/<str:secret>/registrations.ics", file_pages.calendar, name="calendar"),
]
