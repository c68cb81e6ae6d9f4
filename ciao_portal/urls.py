"""Addresses; those outsiders rely on are promises (see the interface document in `docs/`)."""

from django.urls import include, path

from ciao_portal.views import health, session

urlpatterns = [
    path("accounts/", include("allauth.account.urls")),
    path("language/", session.set_language, name="set_language"),
    path("company/", session.switch_company, name="switch-company"),
    path("no-company/", session.no_company, name="no-company"),
    path("health", health.health, name="health"),
    path("declarations/", include("declarations.urls")),
    path("", include("registrations.urls")),
]
