from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PortalConfig(AppConfig):
    name = "ciao_portal"
    verbose_name = "CIaO portal"

    def ready(self) -> None:
        from ciao_portal import checks  # noqa: F401, PLC0415  # registers the system checks
        from ciao_portal.append_only import install_triggers  # noqa: PLC0415  # models must be loaded first

        # The one signal receiver of the product: a migration that remakes a table on SQLite drops the
        # table's triggers without a word.
        post_migrate.connect(install_triggers, dispatch_uid="append_only")
