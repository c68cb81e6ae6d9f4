"""`make run`: from a fresh clone to a working portal on this machine. Ends when any of its programs ends."""

import os
import socket
from pathlib import Path

import bootstrap
from bootstrap import ROOT, VENV, VENV_PYTHON, run, say, stop

PASSWORD = "ciao-demo-2026"  # noqa: S105 - the demo's published password
SIGN_INS = ("owner@demo.example", "office@demo.example", "auditor@demo.example", "sub-office@demo.example")
LOOPBACK = "127.0.0.1"


def port_from(variable: str, default: int) -> int:
    text = os.environ.get(variable) or str(default)
    if not text.isdecimal() or not 0 < int(text) < 65536:
        stop(f"{variable}={text} is not a port number (1 to 65535).")
    return int(text)


def check_port_free(address: str, port: int, variable: str) -> None:
    other = port + 10 if 1024 <= port < 65000 else 8010
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            reason = error.strerror or str(error)
            stop(f"Port {port} cannot be used ({reason}). Choose another one: make run {variable}={other}")


def lan_address(wanted: str) -> str:
    """This machine's address in the local network: named by `wanted` (LAN=192.0.2.7) or found (LAN=1)."""
    if wanted.count(".") == 3:
        return wanted
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Connecting a datagram socket sends nothing; it only asks the system for the way out.
            probe.connect(("192.0.2.1", 9))
            found: str = probe.getsockname()[0]
        except OSError:
            found = LOOPBACK
    if found.startswith("127."):
        stop("No address in a local network was found. Name it yourself: make run LAN=192.168.1.20")
    return found


def names_in_dotenv() -> set[str]:
    """The settings a person wrote into .env: they win over what this script would choose."""
    path = ROOT / ".env"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {line.partition("=")[0].removeprefix("export ").strip() for line in lines if "=" in line}


def environment(*, port: int, simulator_port: int, lan: str | None) -> dict[str, str]:
    """What the portal's programs are started with; the secrets are made by the settings themselves."""
    var = Path(os.environ.get("VAR_DIR") or ROOT / "var").resolve()
    own = names_in_dotenv() | set(os.environ)
    if (var / "portal.sqlite3").exists() and not own & {"FIELD_KEYS", "FIELD_KEYS_FILE"}:
        key = var / "field_keys"
        if not key.exists():
            stop(f"{key} is missing. Put it back: the stored national numbers cannot be read without it.")
    chosen = {"DEBUG": "False", "PUBLIC_URL": f"https://{lan}:{port}" if lan else f"http://{LOOPBACK}:{port}"}
    return {
        **{name: value for name, value in chosen.items() if name not in own},
        **os.environ,
        "PORT": str(port),
        "SIMULATOR_PORT": str(simulator_port),
        "VAR_DIR": str(var),
        "PYTHONUNBUFFERED": "1",
        "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}",
    }


def web_options(*, port: int, lan: str | None, var: Path) -> str:
    """Where the web server listens; with `lan` on that address, by https, and nowhere else."""
    options = ["--host", lan or LOOPBACK, "--port", str(port)]
    if lan:
        certificate, key = var / f"lan-{lan}.crt", var / f"lan-{lan}.key"
        run(str(VENV_PYTHON), ".dev/certificate.py", lan, str(certificate), str(key))
        options += ["--certificate", str(certificate), "--key", str(key)]
    return " ".join(options)


def prepare(env: dict[str, str]) -> None:
    """Static files, database, scheduled jobs and demo, ready for the programs that processes.py starts."""
    manage = (str(VENV_PYTHON), "manage.py")
    run(*manage, "collectstatic", "--no-input", "--verbosity", "0", env=env)
    run(*manage, "migrate", "--no-input", "--verbosity", "0", env=env)
    run(*manage, "schedule_jobs", "--verbosity", "0", env=env)
    run(*manage, "load_demo", "--if-empty", env=env)


def welcome(url: str, *, self_made_certificate: bool) -> None:
    say("")
    say(f"  The portal:  {url}/")
    say(f"  Sign in as:  {SIGN_INS[0]}")
    for address in SIGN_INS[1:]:
        say(f"               {address}")
    say(f"  Password:    {PASSWORD}")
    if self_made_certificate:
        say("  The certificate is made by this machine: the browser asks once whether you trust it.")
    say("  Ctrl-C ends everything.")
    say("")


def main() -> None:
    bootstrap.check_python()
    port, simulator_port = port_from("PORT", 8000), port_from("SIMULATOR_PORT", 8001)
    wanted_lan = os.environ.pop("LAN", "")
    lan = lan_address(wanted_lan) if wanted_lan not in {"", "0"} else None
    if port == simulator_port:
        stop(f"PORT and SIMULATOR_PORT are both {port}. Choose two different ones.")
    check_port_free(lan or LOOPBACK, port, "PORT")
    check_port_free(LOOPBACK, simulator_port, "SIMULATOR_PORT")

    bootstrap.install_system_packages(bootstrap.pdf_engine())
    bootstrap.make_venv()
    bootstrap.install_locked("requirements.lock")
    bootstrap.compile_catalogues()

    # What the portal writes from here on holds personal data: nobody else on this machine reads it.
    os.umask(0o077)
    env = environment(port=port, simulator_port=simulator_port, lan=lan)
    prepare(env)
    env["WEB_OPTIONS"] = web_options(port=port, lan=lan, var=Path(env["VAR_DIR"]))
    welcome(env.get("PUBLIC_URL", f"http://{LOOPBACK}:{port}"), self_made_certificate=lan is not None)
    os.chdir(ROOT)
    python = str(VENV_PYTHON)
    os.execve(python, [python, ".dev/processes.py"], env)


if __name__ == "__main__":
    main()
