"""Addresses of a tablet at a workplace."""

from django.urls import path

from registrations.kiosk import views, worker

urlpatterns = [
    path("kiosk/", views.start, name="start"),
    path("kiosk/who/", views.present, name="present"),
    path("kiosk/tap/", views.tap, name="tap"),
    path("kiosk/done/<uuid:registration_id>/", views.done, name="done"),
    path("kiosk/language/", views.language, name="language"),
    path("kiosk/frame", views.frame, name="frame"),
    path("kiosk/replay/", views.replay_kept, name="replay"),
    path("kiosk/sw.js", worker.service_worker, name="worker"),
    path("kiosk/alive", views.alive, name="alive"),
    path("kiosk/pair/<str:secret>/", views.pair, name="pair"),
]
