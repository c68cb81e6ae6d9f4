"""Settings, all from the environment (`.env` is read; `.env.example` lists them).

Wrong combinations are refused by the system checks in `ciao_portal.checks`.
"""

import sys
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from ciao_portal import logs
from ciao_portal.crypto import new_field_key
from ciao_portal.env import BASE_DIR, VAR_DIR, env, new_secret_key, secret

NSSO_ENVIRONMENT = env.str("NSSO_ENVIRONMENT", default="simulator")
IS_PRODUCTION = NSSO_ENVIRONMENT == "production"

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = (
    secret("SECRET_KEY", make=None if IS_PRODUCTION else new_secret_key) or "refused-by-a-system-check"
)
FIELD_KEYS = secret("FIELD_KEYS", make=None if IS_PRODUCTION else lambda: new_field_key("k1"))

PORT = env.int("PORT", default=8000)
PUBLIC_URL = env.str("PUBLIC_URL", default=f"http://localhost:{PORT}").rstrip("/")
_public = urlsplit(PUBLIC_URL)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", _public.hostname or ""])
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])

INSTALLED_APPS = [
    "ciao_portal",
    "declarations",
    "registrations",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "django_filters",
    "django_htmx",
    "django_q",
    "django_tables2",
]

MIDDLEWARE = [
    "ciao_portal.call_room.roomy_middleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ciao_portal.request_log.RequestLogMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "ciao_portal.middleware.OfficeSessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "ciao_portal.middleware.OfficeAuthenticationMiddleware",
    "ciao_portal.middleware.OfficeMessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ciao_portal.middleware.OfficeHtmxMiddleware",
    "ciao_portal.middleware.CompanyMiddleware",
]

ROOT_URLCONF = "ciao_portal.urls"
WSGI_APPLICATION = "ciao_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ciao_portal.context.portal",
            ],
            "builtins": ["ciao_portal.templatetags.elements"],
        },
    },
]

# --- Data ---------------------------------------------------------------------------------------------
# IMMEDIATE: a transaction that reads first and writes later would otherwise fail at once with
# "database is locked" when another process wrote in between. FULL: a confirmed registration survives
# a power cut.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 30,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
}

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")}
REDIS_URL = env.str("REDIS_URL", default="")
# A new connection costs some ten milliseconds: PostgreSQL starts a process, SQLite reads the whole schema.
DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"] |= {"ENGINE": "ciao_portal.sqlite", "OPTIONS": SQLITE_OPTIONS}
    VAR_DIR.mkdir(parents=True, exist_ok=True)
else:
    # The statements of `ciao_portal.prepared` are planned once for each connection; no others are.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("prepare_threshold", 1)
    # Many small questions at once: to start further processes for one of them, or to compile it, takes longer
    # than it saves. With 180,000 registrations waiting, three quarters of a status page went into compiling.
    DATABASES["default"]["OPTIONS"].setdefault("options", "-c jit=off -c max_parallel_workers_per_gather=0")

# Counters and rate limits stay out of the file that holds the registrations, so that neither waits for
# the other's writer.
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(VAR_DIR / "cache"),
        }
    }

SESSION_ENGINE = "django.contrib.sessions.backends.db"

# --- Time and language --------------------------------------------------------------------------------
USE_TZ = True
TIME_ZONE = "Europe/Brussels"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("nl", _("Dutch")), ("fr", _("French")), ("de", _("German")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "ciao_portal" / "locale"]
FORMAT_MODULE_PATH = ["ciao_portal.formats"]

# --- Sign-in ------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "ciao_portal.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "ciao_portal.passwords.PortalArgon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard"
ACCOUNT_ADAPTER = "ciao_portal.adapters.ClosedAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "dashboard"
ACCOUNT_SESSION_REMEMBER = True

# --- Mail ---------------------------------------------------------------------------------------------
EMAIL_URL = secret("EMAIL_URL")
if EMAIL_URL:
    vars().update(env.email_url_config(EMAIL_URL))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(VAR_DIR / "mail")
# Some letters are sent while somebody waits for the page.
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"CIaO portal <portal@{_public.hostname}>")

# --- Private files --------------------------------------------------------------------------------------
# A folder, as a path or as file:///…
FILES_URL = env.str("FILES_URL", default=str(VAR_DIR / "files"))
# Uploads pass our cap before anything of them is kept in memory or on the disk.
FILE_UPLOAD_HANDLERS = [
    "ciao_portal.web.uploads.CappedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# A program that reads a file from its input: exit code 0 clean, 1 infected. Without it nothing is scanned.
VIRUS_SCAN_COMMAND = env.str("VIRUS_SCAN_COMMAND", default="")

# --- Static files -------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Until the files are collected (tests, a first look from the clone) they are served as they lie.
_is_collecting = sys.argv[1:2] == ["collectstatic"]
if not _is_collecting and not (Path(STATIC_ROOT) / "staticfiles.json").exists():
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    WHITENOISE_USE_FINDERS = True
    WHITENOISE_AUTOREFRESH = False

# --- Safety of the pages ------------------------------------------------------------------------------
_https = _public.scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _https
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if _https else []
SECURE_HSTS_SECONDS = 31_536_000 if IS_PRODUCTION else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
# `no-referrer` would make browsers send `Origin: null` on form posts, which the CSRF check refuses.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb", "browsing-topics")
}

# --- Background work ----------------------------------------------------------------------------------
Q_CLUSTER = {
    "name": "ciao",
    "workers": 1,
    "timeout": 300,
    "retry": 600,
    "max_attempts": 3,
    "ack_failures": True,
    "poll": 1,
    "save_limit": 500,
    "catch_up": False,
    "label": "Background work",
    **({"redis": REDIS_URL} if REDIS_URL else {"orm": "default"}),
}
OUTBOX_CHANNELS = [
    "registrations.nsso.sending.SubmissionChannel",
    "registrations.nsso.reading.ReadBackChannel",
]

# --- Retention ----------------------------------------------------------------------------------------
# CheckIn@Work keeps registrations for 7 years; for Check In and Out at Work no term is published.
_SEVEN_YEARS = 7 * 365 + 2
RETENTION_DAYS = {
    kind: env.int(f"RETENTION_{kind.upper()}_DAYS", default=days)
    for kind, days in {
        "registrations": _SEVEN_YEARS,
        "places": 90,
        "audit": _SEVEN_YEARS,
        "exports": 7,
        "reports": 7,
        "papers": _SEVEN_YEARS,
        "letters": _SEVEN_YEARS,
        "invitations": 30,
    }.items()
}
RETENTION_KINDS = [
    "registrations.retention.REGISTRATIONS",
    "registrations.retention.PLACES",
    "ciao_portal.data_kinds.AUDIT",
    "registrations.retention.EXPORTS",
    "registrations.retention.REPORTS",
    "ciao_portal.data_kinds.PAPERS",
    "ciao_portal.data_kinds.LETTERS",
    "ciao_portal.data_kinds.INVITATIONS",
]

# --- NSSO ---------------------------------------------------------------------------------------------
SIMULATOR_PORT = env.int("SIMULATOR_PORT", default=8001)
NSSO_ADDRESSES = {
    "simulator": (
        f"http://127.0.0.1:{SIMULATOR_PORT}/REST/presenceRegistration/v1",
        f"http://127.0.0.1:{SIMULATOR_PORT}/REST/oauth/v5/token",
    ),
    "simulation": (
        "https://services-sim.socialsecurity.be/REST/presenceRegistration/v1",
        "https://services.socialsecurity.be/REST/oauth/v5/token",
    ),
    "production": (
        "https://services.socialsecurity.be/REST/presenceRegistration/v1",
        "https://services.socialsecurity.be/REST/oauth/v5/token",
    ),
}
_base_url, _token_url = NSSO_ADDRESSES.get(NSSO_ENVIRONMENT, ("", ""))
NSSO_BASE_URL = env.str("NSSO_BASE_URL", default=_base_url)
NSSO_TOKEN_URL = env.str("NSSO_TOKEN_URL", default=_token_url)
# The version of the NSSO's contract that is spoken, and the client ids that speak another one.
NSSO_CONTRACT = env.str("NSSO_CONTRACT", default="1.4.1-r1")
NSSO_CONTRACT_PILOTS: dict[str, str] = env.dict("NSSO_CONTRACT_PILOTS", default={})
# The NSSO's own page where workers register themselves: printed on emergency sheets, never called.
NSSO_WORKER_URL = env.str("NSSO_WORKER_URL", default="https://checkinout.socialsecurity.be")
NSSO_TIMEOUT_S = env.float("NSSO_TIMEOUT_S", default=20.0)
# A lost answer is looked up no sooner than the time-out and this many seconds after the last byte was sent.
NSSO_SEARCH_MARGIN_S = env.float("NSSO_SEARCH_MARGIN_S", default=30.0)
# Named as text because the foundation never imports the apps above it.
OPEN_REMARKS_COUNTER = "registrations.querysets.open_remarks_count"
AUDIT_SUBJECTS = [
    "ciao_portal.trail_subjects.FINDERS",
    "declarations.trail.FINDERS",
    "registrations.trail.FINDERS",
]
# Below this much space left for VAR_DIR, `/health` asks for somebody.
LEAST_FREE_BYTES = 200 * 1024 * 1024
BEHIND_PROBE = "registrations.nsso.status.is_behind"
AFTER_RESTORE = ["registrations.nsso.restored.look_up_first"]
NSSO_BATCH_SIZE = env.int("NSSO_BATCH_SIZE", default=200)
# So many accesses speak with the NSSO at once in one sender; each takes a database connection.
NSSO_SENDER_THREADS = env.int("NSSO_SENDER_THREADS", default=4)
# Beyond this many different typed identities per point and hour, registrations are stored, confirmed as
# received, and held until the office releases them (a flood of invented numbers must not reach the NSSO).
TYPED_IDENTITIES_PER_HOUR = env.int("TYPED_IDENTITIES_PER_HOUR", default=200)

# --- Logs ---------------------------------------------------------------------------------------------
LOG_FORMAT = env.str("LOG_FORMAT", default="json" if IS_PRODUCTION else "text")
LOGGING = logs.configuration(as_json=LOG_FORMAT == "json")
logs.configure_structlog()
