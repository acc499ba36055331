"""Settings, read from the environment. Every name is explained in docs/cai-dat.md."""

import secrets
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config.database import sqlite_database

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# production: the default, nothing of the demo can be switched on by a single variable.
# demo:       make run; the database itself must also be marked as a demo (thidua/demo/guard.py).
# test:       the test suite and the component page /ui/.
MODE = env.str("THIDUA_MODE", default="production")
if MODE not in {"production", "demo", "test"}:
    raise ImproperlyConfigured("THIDUA_MODE nhận một trong: production, demo, test.")
DEMO = MODE == "demo"
PRODUCTION = MODE == "production"
DEBUG = False

DATA_DIR = Path(env.str("THIDUA_DATA", default=str(BASE_DIR / "var"))).resolve()
# Here, because every command needs it; nobody else on the machine may read it.
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
FILES_DIR = DATA_DIR / "files"


def _secret_key() -> str:
    """Of the environment in production; elsewhere made once and kept beside the data."""
    given: str = env.str("THIDUA_SECRET_KEY", default="")
    if given:
        return given
    if PRODUCTION:
        raise ImproperlyConfigured("Chưa đặt THIDUA_SECRET_KEY (xem docs/cai-dat.md).")
    if MODE == "test":
        return "only-for-tests-" + "x" * 50
    path = DATA_DIR / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64), encoding="ascii")
    return path.read_text(encoding="ascii")


SECRET_KEY = _secret_key()
# The demo signs people in without a password, so it answers on this machine only.
LOOPBACK = ["127.0.0.1", "localhost"]
ALLOWED_HOSTS = env.list("THIDUA_HOSTS", default=[]) if PRODUCTION else LOOPBACK
# Printed in QR codes and letters; the verification page must be reachable under it.
PUBLIC_URL = env.str(
    "THIDUA_PUBLIC_URL",
    # A code that leads to the reader's own machine cannot be corrected once it is printed.
    default=f"https://{ALLOWED_HOSTS[0].lstrip('.')}"
    if PRODUCTION and ALLOWED_HOSTS
    else "http://127.0.0.1:8000",
).rstrip("/")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "config.static.UsedStaticFiles",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_htmx",
    "bootstrap",
    "template_partials",
    "django_tasks",
    "django_tasks_db",
    "thidua.ui",
    "thidua.accounts",
    "thidua.audit",
    "thidua.organisations",
    "thidua.notices",
    "thidua.documents",
    "thidua.workbooks",
    "thidua.movements",
    "thidua.reporting",
    "thidua.pacts",
    "thidua.scoring",
    "thidua.ballots",
    "thidua.home",
    "thidua.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "thidua.ui.middleware.HeadersMiddleware",
    # Below the two that write headers, so that a refusal carries them too; nothing above reads.
    "thidua.ui.middleware.BodyLimitMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "thidua.accounts.middleware.IdleTimeoutMiddleware",
    "thidua.accounts.middleware.AccessMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "thidua.ui.context.product",
                "thidua.organisations.context.navigation",
                "thidua.notices.context.bell",
            ],
        },
    },
]

if env.str("DATABASE_URL", default=""):
    if not env.db("DATABASE_URL")["ENGINE"].endswith(".postgresql"):
        # SQLite named here would be opened without the care of config/database.py.
        raise ImproperlyConfigured(
            "DATABASE_URL chỉ nhận địa chỉ PostgreSQL. Muốn dùng SQLite, hãy để trống và đặt "
            "THIDUA_DATA."
        )
    DATABASES: dict[str, Any] = {
        "default": {**env.db("DATABASE_URL"), "CONN_MAX_AGE": 0 if MODE == "test" else 60}
    }
else:
    DATABASES = {"default": sqlite_database(DATA_DIR / "thidua.sqlite3")}
if MODE == "test" and not env.str("DATABASE_URL", default=""):
    # A file, so that threads and the live server meet the locks that production meets.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Sign-in ---------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "thidua.accounts.passwords.NotLikeTheNameValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home:front"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "thidua.accounts.adapter.AccountAdapter"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = False  # django-axes counts failures, in the database, for every process
# True writes, and flushes, at every request; IdleTimeoutMiddleware does so once a minute.
USERSESSIONS_TRACK_ACTIVITY = False
# Behind a reverse proxy: how many proxies of ours stand before the address of the person.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("THIDUA_PROXIES", default=0)
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_LOCKOUT_CALLABLE = "thidua.accounts.lockout.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
# Otherwise anybody could keep a name locked for ever by going on guessing.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True  # the journal has it
AXES_SENSITIVE_PARAMETERS = ["username", "login", "ip_address", "csrfmiddlewaretoken"]

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_IDLE_SECONDS = 15 * 60
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_USE_SESSIONS = False
CSRF_FAILURE_VIEW = "thidua.ui.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- What a browser may do -------------------------------------------------------------------
# The demo and the tests speak plain HTTP on loopback; everything else is HTTPS only.
if PRODUCTION:
    SESSION_COOKIE_NAME = "__Host-sessionid"
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # ".example.vn" in the one setting is "*.example.vn" in the other.
    CSRF_TRUSTED_ORIGINS = [
        f"https://{'*' if host.startswith('.') else ''}{host}" for host in ALLOWED_HOSTS
    ]
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap draws its arrows and ticks as data: images
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# --- What is received ------------------------------------------------------------------------
# Refused before the body is read (threat model T14). Bytes.
BODY_LIMIT_ANONYMOUS = 64 * 1024
BODY_LIMIT = 25 * 1024 * 1024
EVIDENCE_LIMIT = 20 * 1024 * 1024
WORKBOOK_LIMIT = 5 * 1024 * 1024
SIGNED_PDF_LIMIT = 20 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = BODY_LIMIT
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

# --- Language and time -----------------------------------------------------------------------
LANGUAGE_CODE = "vi"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False
TIME_ZONE = "Asia/Ho_Chi_Minh"
FORMAT_MODULE_PATH = ["config.formats"]
LOCALE_PATHS = [BASE_DIR / "locale"]

# --- Letters and work in the background ------------------------------------------------------
# Nothing set: the demo prints letters, tests keep them, real work lets them wait (none is lost).
_mail_url = env.str(
    "THIDUA_EMAIL_URL",
    default={"production": "", "demo": "consolemail://", "test": "memorymail://"}[MODE],
)
MAIL_CONFIGURED = bool(_mail_url)
try:
    _mail = env.email_url_config(_mail_url or "dummymail://")
except ImproperlyConfigured:
    raise ImproperlyConfigured(
        "THIDUA_EMAIL_URL chỉ nhận địa chỉ dạng smtp+tls://TÊN:MẬT_KHẨU@MÁY_CHỦ:587, smtp+ssl://…, "
        "smtp://…, filemail:///THƯ_MỤC hoặc consolemail:// (xem docs/cai-dat.md)."
    ) from None
EMAIL_BACKEND = _mail["EMAIL_BACKEND"].replace(
    "django.core.mail.backends.console", "thidua.notices.console"
)
EMAIL_HOST, EMAIL_PORT = _mail.get("EMAIL_HOST") or "localhost", _mail.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = _mail.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = _mail.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _mail.get("EMAIL_USE_SSL", False)
EMAIL_FILE_PATH = _mail.get("EMAIL_FILE_PATH") or None
# A server that does not answer may hold up the rest of the background work no longer than this.
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str(
    "THIDUA_EMAIL_FROM",
    default=f"Thi đua <thi-dua@{PUBLIC_URL.partition('://')[2].partition(':')[0]}>",
)
TASKS = {"default": {"BACKEND": "django_tasks_db.backend.DatabaseBackend"}}

# --- Files -----------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if MODE == "test"
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = MODE == "test"
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
# Failures are summed per name over all addresses and browsers, so rotating them gains nothing.
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
