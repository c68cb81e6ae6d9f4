"""Addresses; those outsiders rely on are promises (see the interface document in `docs/`)."""

from django.urls import include, path

from ciao_portal.views import audit, health, invitations, mail, me, members, retention, session, settings

urlpatterns = [
    path("accounts/", include("allauth.account.urls")),
    path("language/", session.set_language, name="set_language"),
    path("company/", session.switch_company, name="switch-company"),
    path("no-company/", session.no_company, name="no-company"),
    path("invitations/<str:secret>/", invitations.invitation, name="invitation"),
    path("health", health.health, name="health"),
    path("settings/", settings.settings_page, name="settings"),
    path("settings/me/", me.me, name="settings-me"),
    path("settings/me/leave/<uuid:pk>/", me.leave, name="settings-leave"),
    path("settings/company/", settings.company, name="settings-company"),
    path("settings/company/edit/", settings.company_edit, name="settings-company-edit"),
    path("settings/people/", members.people, name="settings-people"),
    path("settings/people/invite/", members.invite, name="settings-invite"),
    path("settings/people/<uuid:pk>/", members.person, name="settings-person"),
    path("settings/people/<uuid:pk>/end/", members.person_end, name="settings-person-end"),
    path("settings/invitations/<uuid:pk>/again/", members.invitation_again, name="settings-invitation-again"),
    path(
        "settings/invitations/<uuid:pk>/withdraw/",
        members.invitation_withdraw,
        name="settings-invitation-withdraw",
    ),
    path("settings/nsso/", settings.nsso, name="settings-nsso"),
    path("settings/nsso/key/", settings.nsso_key, name="settings-nsso-key"),
    path("settings/nsso/client/", settings.nsso_client, name="settings-nsso-client"),
    path("settings/nsso/public-key/", settings.nsso_public_key, name="settings-nsso-public-key"),
    path("settings/outbox/", mail.outbox, name="settings-outbox"),
    path("settings/outbox/<slug:name>/<int:number>/", mail.letter, name="settings-letter"),
    path("settings/audit/", audit.AuditList.as_view(), name="settings-audit"),
    path("settings/retention/", retention.retention_page, name="settings-retention"),
    path("", include("declarations.urls")),
    path("", include("registrations.urls")),
]
