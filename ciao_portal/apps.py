from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PortalConfig(AppConfig):
    name = "ciao_portal"
    verbose_name = "CIaO portal"

    def ready(self) -> None:
        from django_q.signals import post_execute_in_worker  # noqa: PLC0415  # models must be loaded first

        from ciao_portal import checks  # noqa: F401, PLC0415  # registers the system checks
        from ciao_portal.append_only import install_triggers  # noqa: PLC0415  # models must be loaded first
        from ciao_portal.tasks import forget_words  # noqa: PLC0415  # the same

        # Signals carry no business here. A migration that remakes a table on SQLite drops the table's
        # triggers without a word; the worker keeps and logs the text of whatever a task raised.
        post_migrate.connect(install_triggers, dispatch_uid="append_only")
        post_execute_in_worker.connect(forget_words, dispatch_uid="forget_words")
