"""Settings of one installation. Everything that differs between installations comes from the environment.

KRZEW_ENV       development (default) or production
KRZEW_DEMO      1 = demonstration: invented organisations, one-click sign-in; refused in production
KRZEW_VAR       folder for the database, files and caches (default: var/ beside pyproject.toml, or in the current folder)
KRZEW_HOSTS     host names, comma separated (production)
KRZEW_URL       address under which people reach this installation, for links in letters
KRZEW_PHONE     telephone of the office, shown at the front door
KRZEW_MATCHER   "package.module:function" that may add to the scores of finding (docs/finding.md); default: none
KRZEW_GRANTS_PREFIX, KRZEW_GRANTS_PUBLISHER   identifiers and name of who publishes grants as 360Giving
KRZEW_LETTERS_DAYS, KRZEW_CASES_DAYS   days after which letters and closed cases lose words and addresses (default: never)
SECRET_KEY      required in production
DATABASE_URL    default: SQLite file in KRZEW_VAR
EMAIL_URL       smtp host:port; without it letters are written to KRZEW_VAR/mail
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

PACKAGE = Path(__file__).resolve().parent
CHECKOUT = PACKAGE.parents[1]
_home = CHECKOUT if (CHECKOUT / "pyproject.toml").exists() else Path.cwd()
KRZEW_VAR = Path(os.environ.get("KRZEW_VAR") or _home / "var").resolve()
KRZEW_ENV = os.environ.get("KRZEW_ENV", "development")
PRODUCTION = KRZEW_ENV == "production"
KRZEW_DEMO = os.environ.get("KRZEW_DEMO", "0") == "1"
KRZEW_VAR.mkdir(parents=True, exist_ok=True)


def _secret_key() -> str:
    """A key of this installation's own; production must bring one."""
    if key := os.environ.get("SECRET_KEY"):
        return key
    if PRODUCTION:
        raise RuntimeError("SECRET_KEY is required when KRZEW_ENV=production")
    path = KRZEW_VAR / "secret_key"
    if not path.exists():
        path.write_text(secrets.token_urlsafe(48), encoding="ascii")
        path.chmod(0o600)
    return path.read_text(encoding="ascii")


SECRET_KEY = _secret_key()
SALT_KEY = os.environ.get("SALT_KEY", "krzew")  # for fields that are encrypted; the secret is the key above
DEBUG = False
ALLOWED_HOSTS = [h for h in os.environ.get("KRZEW_HOSTS", "").split(",") if h]
if not PRODUCTION:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]", "testserver"]

KRZEW_URL = os.environ.get("KRZEW_URL", "http://127.0.0.1:8000").rstrip("/")
KRZEW_PHONE = os.environ.get("KRZEW_PHONE", "")
KRZEW_MATCHER = os.environ.get("KRZEW_MATCHER", "")
KRZEW_GRANTS_PREFIX = os.environ.get("KRZEW_GRANTS_PREFIX", "krzew")
KRZEW_GRANTS_PUBLISHER = os.environ.get("KRZEW_GRANTS_PUBLISHER", "Krzew")

INSTALLED_APPS = [
    "krzew.demo",
    "krzew.api",
    "krzew.diagnosis",
    "krzew.door",
    "krzew.trials",
    "krzew.calls",
    "krzew.library",
    "krzew.network",
    "krzew.places",
    "krzew.timeline",
    "krzew.accounts",
    "krzew.ui",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
]
# A room not yet filled is not yet there.
INSTALLED_APPS = [
    app for app in INSTALLED_APPS if not app.startswith("krzew.") or (PACKAGE / app[6:] / "apps.py").exists()
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "krzew.accounts.middleware.AddressMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "krzew.accounts.middleware.ActorMiddleware",
    "krzew.accounts.middleware.SecondFactorMiddleware",
    "krzew.ui.uploads.TooLargeMiddleware",
    "krzew.ui.answers.AnswerOnlyMiddleware",
]

ROOT_URLCONF = "krzew.urls"
WSGI_APPLICATION = "krzew.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "krzew.home.shell",
            ],
        },
    }
]
FORM_RENDERER = "krzew.ui.forms.Renderer"

# --- data --------------------------------------------------------------------------------------
DATABASES = {
    "default": dj_database_url.config(default=f"sqlite:///{KRZEW_VAR / 'krzew.sqlite3'}", conn_max_age=60)
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Immediate transactions make writers queue instead of failing half-way through an act.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
        " PRAGMA cache_size=-20000;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "krzew_cache",
        # The default of 300 entries would throw out the counters that slow down guessing of passwords.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
MEDIA_ROOT = KRZEW_VAR / "files"

# --- people ------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_REDIRECT_URL = "home"
LOGIN_URL = "account_login"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "krzew.accounts.forms.SignupForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Krzew: "
ACCOUNT_LOGOUT_ON_GET = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Krzew"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
USERSESSIONS_TRACK_ACTIVITY = False

# --- letters -----------------------------------------------------------------------------------
if email_url := os.environ.get("EMAIL_URL"):
    EMAIL_HOST, _sep, _port = email_url.partition(":")
    EMAIL_PORT = int(_port or 25)
    EMAIL_HOST_USER = os.environ.get("EMAIL_USER", "")
    EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_PASSWORD", "")
    EMAIL_USE_TLS = EMAIL_PORT == 587
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(KRZEW_VAR / "mail")
# Days after which the words of sent letters may be removed (`krzew retention`); unset: they stay.
KRZEW_LETTERS_DAYS = int(days) if (days := os.environ.get("KRZEW_LETTERS_DAYS")) else None
KRZEW_CASES_DAYS = int(days) if (days := os.environ.get("KRZEW_CASES_DAYS")) else None
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", "krzew@localhost")

# --- language and time -------------------------------------------------------------------------
LANGUAGE_CODE = "pl"
LANGUAGES = [("pl", _("Polish")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Warsaw"

# --- assets ------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = KRZEW_VAR / "static"
KRZEW_ASSETS = KRZEW_VAR / "assets"
KRZEW_ASSETS.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [KRZEW_ASSETS]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600

# --- safety ------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
if PRODUCTION and os.environ.get("KRZEW_BEHIND_PROXY") == "1":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # otherwise all visitors would share one limit of attempts
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
SILENCED_SYSTEM_CHECKS: list[str] = []

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
