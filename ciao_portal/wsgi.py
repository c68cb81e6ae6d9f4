"""WSGI entry of the portal."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ciao_portal.settings")

application = get_wsgi_application()

# All views are loaded before the first visitor comes. What is loaded by then stays: to search it for garbage
# now and again would hold up one request in twenty for a quarter of a second.
get_resolver().url_patterns  # noqa: B018 - asking for them loads them
gc.collect()
gc.freeze()
