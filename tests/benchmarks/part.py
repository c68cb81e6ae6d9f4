"""Runs a part with Django ready: `python -m tests.benchmarks.part tests.benchmarks.phone`."""

import sys
from importlib import import_module

import django


def main() -> None:
    django.setup()
    import_module(sys.argv[1]).main()


if __name__ == "__main__":
    main()
