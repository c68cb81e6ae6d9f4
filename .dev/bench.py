"""`make bench`: installs what the measurements need, then runs them on services of their own.

With arguments only these parts: `make bench ARGS="phone"`; `ARGS="--quick"` to see that everything works.
"""

import signal
import subprocess
import sys
from types import FrameType

import bootstrap
from bootstrap import ROOT, VENV_PYTHON, SystemPackage, program


def prepare() -> None:
    bootstrap.check_python()
    redis = SystemPackage("redis-server", program("redis-server"))
    bootstrap.install_system_packages((*bootstrap.pdf_engine(), *bootstrap.TEST_TOOLS, redis))
    bootstrap.make_venv()
    bootstrap.install_locked("requirements-dev.lock")
    bootstrap.compile_catalogues()


def main(arguments: list[str]) -> int:
    prepare()
    run = subprocess.Popen([str(VENV_PYTHON), "-m", "tests.benchmarks", *arguments], cwd=ROOT)

    def on_sigterm(_number: int, _frame: FrameType | None) -> None:
        run.terminate()  # it stops its services on the way out

    signal.signal(signal.SIGTERM, on_sigterm)
    while True:
        try:
            return run.wait()
        except KeyboardInterrupt:
            continue  # the run got it as well, and ends by itself


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
