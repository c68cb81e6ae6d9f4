"""The web server, as this portal wants it started."""

import logging
import os
import signal
import threading
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections
from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.server import Server
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

# Made here already: what cannot be imported is told before anything listens, and workers share the memory.
from ciao_portal.wsgi import application as served

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

logger = logging.getLogger(__name__)

# SQLite has one writer: more threads would only wait for each other, the slowest for a second.
# PostgreSQL: while one thread waits for the disk, another renders.
THREADS = {"sqlite": 1, "postgresql": 2}
WORKERS = 2
# A thread that ends takes its database connection along, and a new one costs ten milliseconds.
THREAD_IDLE_S = 600
# A worker that was killed is replaced after this pause.
RESPAWN_S = 0.2
# How long requests in hand may take when the server is asked to end.
LAST_REQUESTS_S = 15
ORPHAN_CHECK_S = 1.0


def application() -> "WSGIApplication":
    """What a worker serves. Called once in each: it shall not outlive the process that started it."""
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    # Who asked stands in X-Forwarded-For, when a known proxy says so; limits of sign-ins count by it.
    behind_proxies: WSGIApplication = wrap_wsgi_with_proxy_headers(served, settings.TRUSTED_PROXIES)
    return behind_proxies


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(ORPHAN_CHECK_S)
    os.kill(os.getpid(), signal.SIGTERM)


class Command(BaseCommand):
    help = "Serve the pages (granian) until stopped; workers that die are replaced."
    requires_system_checks = "__all__"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument("--workers", type=int, default=WORKERS, help="processes")
        parser.add_argument(
            "--threads", type=int, help="requests at once in each; default: 1 with SQLite, 2 with PostgreSQL"
        )
        parser.add_argument("--certificate", type=Path, help="PEM file, for https without a proxy")
        parser.add_argument("--key", type=Path, help="PEM file (PKCS#8) of the certificate's key")

    def handle(self, *_args: Any, **options: Any) -> None:
        if bool(options["certificate"]) != bool(options["key"]):
            raise CommandError("--certificate and --key belong together.")
        # The checks used it; workers are copies of this process and must not share a connection.
        connections.close_all()
        while not _serve(options):
            logger.warning("Workers died shortly after each other: starting all of them anew")
            time.sleep(RESPAWN_S)


def _serve(options: dict[str, Any]) -> bool:
    """Serve until told to stop; False when granian gave up because a worker died twice within seconds."""
    server = Server(
        f"{__name__}:application",
        factory=True,
        address=options["host"],
        port=options["port"],
        interface=Interfaces.WSGI,
        http=HTTPModes.auto,
        websockets=False,
        workers=options["workers"],
        blocking_threads=options["threads"] or THREADS[connection.vendor],
        blocking_threads_idle_timeout=THREAD_IDLE_S,
        respawn_failed_workers=True,
        respawn_interval=RESPAWN_S,
        workers_kill_timeout=LAST_REQUESTS_S,
        log_dictconfig=settings.LOGGING,
        log_access=False,  # it would write down paths, which hold secrets
        ssl_cert=options["certificate"],
        ssl_key=options["key"],
        ssl_protocol_min=SSLProtocols.tls12,  # phones of ten years ago
    )
    try:
        server.serve()
    except SystemExit:
        return bool(server.interrupt_signal)
    return True
