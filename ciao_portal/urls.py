"""Addresses; those outsiders rely on are promises (see the interface document in `docs/`)."""

from django.urls import include, path

from ciao_portal.views import health, mail, retention, session, settings

urlpatterns = [
    path("accounts/", include("allauth.account.urls")),
    path("language/", session.set_language, name="set_language"),
    path("company/", session.switch_company, name="switch-company"),
    path("no-company/", session.no_company, name="no-company"),
    path("health", health.health, name="health"),
    path("settings/", settings.settings_page, name="settings"),
    path("settings/outbox/", mail.outbox, name="settings-outbox"),
    path("settings/outbox/<slug:name>/<int:number>/", mail.letter, name="settings-letter"),
    path("settings/retention/", retention.retention_page, name="settings-retention"),
    path("declarations/", include("declarations.urls")),
    path("", include("registrations.urls")),
]
