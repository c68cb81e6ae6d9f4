"""Addresses of the cleaners' pages. The codes are public; the registration's id on a confirmation is not."""

from django.urls import path

from registrations.phone import own_pages, pairing_pages, practice, views

urlpatterns = [
    path("r/", views.enter, name="enter"),
    path("r/<str:code>/", views.point, name="point"),
    path("r/<str:code>/language/", views.language, name="language"),
    path("r/<str:code>/<uuid:registration_id>/", views.confirmation, name="confirmation"),
    path("r/<str:code>/<uuid:registration_id>/state", views.state, name="state"),
    path("r/<str:code>/<uuid:registration_id>/answer/", views.answer, name="answer"),
    path("p/<str:secret>/", pairing_pages.pair, name="pair"),
    path("me/", own_pages.mine, name="mine"),
    path("practice/", practice.practice, name="practice"),
    path("practice/done/", practice.practice_done, name="practice-done"),
]
