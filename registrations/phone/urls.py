"""Addresses of the cleaners' pages. The codes are public; the registration's id on a confirmation is not."""

from django.urls import path

from registrations.phone import (
    asked,
    card_pages,
    code_pages,
    language_page,
    offline_pages,
    own_pages,
    pairing_pages,
    sign_in_pages,
    views,
    worker,
)

urlpatterns = [
    path("r/", views.enter, name="enter"),
    # Before the codes: none of these words has ten letters of their alphabet.
    path("r/language/", language_page.language, name="language"),
    path("r/offline/", offline_pages.shell, name="offline"),
    path("r/replay/", offline_pages.replay_kept, name="replay"),
    path("r/hand-over/", offline_pages.hand_over, name="hand-over"),
    path("r/take-over/", offline_pages.take_over, name="take-over"),
    path("r/<str:code>/", views.point, name="point"),
    path("r/<str:code>/kit", offline_pages.kit, name="kit"),
    path("r/<str:code>/<uuid:registration_id>/", views.confirmation, name="confirmation"),
    path("r/<str:code>/<uuid:registration_id>/state", views.state, name="state"),
    path("r/<str:code>/<uuid:registration_id>/answer/", views.answer, name="answer"),
    path("p/", code_pages.pair_by_code, name="pair-by-code"),
    path("p/sign-in/", sign_in_pages.pair, name="signed-in-pair"),
    path("p/sign-in/back/", sign_in_pages.signed_in, name="signed-in"),
    path("p/sign-in/<str:code>/<uuid:company>/", sign_in_pages.sign_in, name="sign-in"),
    path("p/<str:secret>/", pairing_pages.pair, name="pair"),
    path("sw.js", worker.service_worker, name="worker"),
    path("c/<str:secret>/", card_pages.card, name="card"),
    path("me/", own_pages.mine, name="mine"),
    path("me/was-it-you/<uuid:registration_id>/", asked.was_it_you, name="was-it-you"),
]
