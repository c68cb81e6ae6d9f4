"""The programs of `make run`, side by side, until one of them ends. Runs inside the virtual environment.

Their settings come from the environment that `run.py` prepared.
"""

import contextlib
import os
import re
import signal
import sys
from types import FrameType
from typing import Any

from honcho.compat import ProcessManager
from honcho.manager import Manager
from honcho.printer import Printer

PROGRAMS = {
    "simulator": (
        "exec python manage.py nsso_simulator --port $SIMULATOR_PORT"
        ' --data "$VAR_DIR/simulator.sqlite3" --reference "$VAR_DIR/simulator-reference.json"'
    ),
    "web": "exec python manage.py serve $WEB_OPTIONS",
    "sender": "exec python manage.py run_outbox",
    "worker": "exec python manage.py qcluster",
}
STOPPED = re.compile(r"(\w+) stopped \(rc=(-?\d+)\)")


class Log(Printer):  # type: ignore[misc]  # honcho ships no types
    """Prints what the programs say, and remembers which one ended first."""

    first_stopped: tuple[str, str] | None = None

    def write(self, message: Any) -> None:
        if message.name == "system" and self.first_stopped is None:
            match = STOPPED.match(str(message.data))
            self.first_stopped = (match[1], match[2]) if match else None
        try:
            super().write(message)
        except OSError:
            # The terminal is gone: the programs must still be ended in order.
            self.output = open(os.devnull, "w")  # noqa: SIM115, PTH123 - stays open until we end


class AskTheFirst(ProcessManager):  # type: ignore[misc]  # honcho ships no types
    """Asks a program to end through its first process alone, and leaves its helpers to it.

    honcho asks the whole process group; django-q's helpers would die of that at once, and their master would
    wait for them until it is killed, after five seconds, as honcho does with everything that does not end.
    """

    def terminate(self, pid: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)


def main() -> int:
    log = Log(sys.stdout)
    manager = Manager(log)
    manager._procmgr = AskTheFirst()
    for name, command in PROGRAMS.items():
        manager.add_process(name, command, env=dict(os.environ))

    def on_hangup(_number: int, _frame: FrameType | None) -> None:
        # Closing the terminal window ends everything, as Ctrl-C does.
        os.kill(os.getpid(), signal.SIGTERM)

    signal.signal(signal.SIGHUP, on_hangup)
    manager.loop()
    code = int(manager.returncode or 0)
    asked_to_end = code in {128 + signal.SIGINT, 128 + signal.SIGTERM}
    if log.first_stopped and not asked_to_end:
        name, exit_code = log.first_stopped
        print(
            f"The {name} ended by itself (exit code {exit_code}), so everything was ended.", file=log.output
        )
    return code


if __name__ == "__main__":
    sys.exit(main())
