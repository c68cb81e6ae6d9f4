"""`make test-long`: many random histories of the sender, by a seed, so that each run can be repeated.

`make test-long ARGS="500 --hypothesis-seed=7"`: so many histories, and what else pytest is to be told. On
SQLite, or on the database that DATABASE_URL names.
"""

import os
import signal
import sys

import test
from bootstrap import say

HISTORIES = 10_000
TESTS = "tests/registrations/nsso/test_histories.py"
SEED = "--hypothesis-seed=2026"


def main(arguments: list[str]) -> None:
    signal.signal(signal.SIGTERM, test.on_sigterm)
    count = arguments.pop(0) if arguments and arguments[0].isdigit() else str(HISTORIES)
    seeded = any(argument.startswith("--hypothesis-seed") for argument in arguments)
    arguments = arguments if seeded else [SEED, *arguments]
    test.prepare()
    say(f"\n== {count} histories {' '.join(arguments)}")
    env = {**os.environ, "HISTORIES": count}
    sys.exit(0 if test.pytest(TESTS, *arguments, env=env) else 1)


if __name__ == "__main__":
    main(sys.argv[1:])
