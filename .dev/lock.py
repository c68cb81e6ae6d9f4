"""`make lock`: resolve pyproject.toml anew into the two lock files, for every Python version and platform.

`uv` comes with the development packages. The locks carry hashes and no address of any index, so that they
work with whichever index a machine is set up for.
"""

import subprocess

from bootstrap import ROOT, VENV, run, say, stop

COMPILE = (
    "--universal",
    "--generate-hashes",
    "--no-header",
    "--no-annotate",
    "--quiet",
    "--python-version",
    "3.11",
)


def compile_lock(name: str, *options: str) -> None:
    uv = VENV / "bin" / "uv"
    if not uv.exists():
        stop("uv is missing: run `make test` or `make check` once, they install the development packages.")
    run(str(uv), "pip", "compile", "pyproject.toml", *COMPILE, *options, "--output-file", name)
    text = (ROOT / name).read_text(encoding="utf-8")
    if "://" in text or "--index" in text or "--find-links" in text:
        stop(f"{name} contains an address. It must not: check the settings of uv on this machine.")
    say(f"{name}: {text.count('==')} packages")


def main() -> None:
    compile_lock("requirements.lock")
    compile_lock("requirements-dev.lock", "--extra", "dev", "--constraint", "requirements.lock")
    subprocess.run(["git", "--no-pager", "diff", "--stat", "--", "*.lock"], cwd=ROOT, check=False)


if __name__ == "__main__":
    main()
