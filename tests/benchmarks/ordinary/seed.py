"""Tables and the one place that is visited."""

from django.core.management import call_command

from tests.benchmarks.ordinary.models import Place


def main() -> None:
    call_command("migrate", run_syncdb=True, verbosity=0)
    Place.objects.get_or_create(pk=1, name="Voorbeeldstraat 1")
