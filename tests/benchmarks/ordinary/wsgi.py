"""WSGI entry of the ordinary application."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.benchmarks.ordinary.settings")

application = get_wsgi_application()
