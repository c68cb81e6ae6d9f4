"""Addresses of the cleaners' pages. The codes are public; the registration's id on a confirmation is not."""

from django.urls import path

from registrations.phone import language_page, offline_pages, own_pages, pairing_pages, views, worker

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
    path("p/<str:secret>/", pairing_pages.pair, name="pair"),
    path("sw.js", worker.service_worker, name="worker"),
    path("me/", own_pages.mine, name="mine"),
]
