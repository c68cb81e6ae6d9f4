"""Addresses of the cleaners' pages. The codes are public; the registration's id on a confirmation is not."""

from django.urls import path

from registrations.phone import asked, card_pages, code_pages, own_pages, pairing_pages, sign_in_pages, views

urlpatterns = [
    path("r/", views.enter, name="enter"),
    path("r/<str:code>/", views.point, name="point"),
    path("r/<str:code>/language/", views.language, name="language"),
    path("r/<str:code>/<uuid:registration_id>/", views.confirmation, name="confirmation"),
    path("r/<str:code>/<uuid:registration_id>/state", views.state, name="state"),
    path("r/<str:code>/<uuid:registration_id>/answer/", views.answer, name="answer"),
    path("p/", code_pages.pair_by_code, name="pair-by-code"),
    path("p/sign-in/", sign_in_pages.pair, name="signed-in-pair"),
    path("p/sign-in/back/", sign_in_pages.signed_in, name="signed-in"),
    path("p/sign-in/<str:code>/<uuid:company>/", sign_in_pages.sign_in, name="sign-in"),
    path("p/<str:secret>/", pairing_pages.pair, name="pair"),
    path("c/<str:secret>/", card_pages.card, name="card"),
    path("me/", own_pages.mine, name="mine"),
    path("me/was-it-you/<uuid:registration_id>/", asked.was_it_you, name="was-it-you"),
]
