"""Keepwell's settings, read from the environment; each may also be given as a file, `NAME_FILE`, for secrets.

What each means, its default and an example: `docs/self-hosting.md` (a test compares). Faults are told by `keepwell check`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

_env = environ.Env()


def read(name: str, default: str = "") -> str:
    """A setting's value: from `NAME_FILE` if that is set, else from `NAME`, else the default."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text().strip()
        except OSError as fault:
            FAULTS.append(f"{name}_FILE names {path}, which can't be read ({fault.strerror}). Mend the path or its rights.")
            return default
    return os.environ.get(name, default)


FAULTS: list[str] = []  # told by the system checks; serving refuses to start while there is one

BASE = Path(__file__).resolve().parent

# ---- where everything lies ----
DATA = Path(read("KEEPWELL_DATA", "data")).resolve()
KEY_FOLDER = DATA / "keys"
MASTER_KEY_PATH = Path(os.environ.get("KEEPWELL_MASTER_KEY_FILE") or KEY_FOLDER / "master.key")
SECRET_KEY_PATH = Path(os.environ.get("KEEPWELL_SECRET_KEY_FILE") or KEY_FOLDER / "secret.key")
# Only where it lies: the key itself is read by the clock when it opens or closes a period, and by nothing that serves pages.
RELEASE_KEY_PATH = Path(os.environ.get("KEEPWELL_RELEASE_KEY_FILE") or KEY_FOLDER / "release.key")


def _key(name: str, path: Path) -> str:
    value = read(name)
    if value:
        return value
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        return ""  # the checks say so, kindly, before anything is served
    except OSError as fault:
        FAULTS.append(f"The key file {path} can't be read ({fault.strerror}). Give its owner the right to read it.")
        return ""


SECRET_KEY = _key("KEEPWELL_SECRET_KEY", SECRET_KEY_PATH)
KEEPWELL_MASTER_KEY = _key("KEEPWELL_MASTER_KEY", MASTER_KEY_PATH)

# A store that was made as a demonstration is one for ever: `keepwell demo` marks its folder, and the store itself says so too.
DEMO = (DATA / "demonstration").exists()

# ---- who and where we are ----
KEEPWELL_NAME = read("KEEPWELL_NAME", "Keepwell")
KEEPWELL_BASE_URL = read("KEEPWELL_BASE_URL", f"http://localhost:{os.environ.get('PORT', '8000')}").rstrip("/")
KEEPWELL_EXIT_URL = read("KEEPWELL_EXIT_URL", "https://en.wikipedia.org/wiki/Special:Random")
KEEPWELL_CONTENT = read("KEEPWELL_CONTENT")
KEEPWELL_TRUSTED_PROXIES = int(read("KEEPWELL_TRUSTED_PROXIES", "0") or 0)
KEEPWELL_EMAIL_URL = read("KEEPWELL_EMAIL_URL")
KEEPWELL_EMAIL_FROM = read("KEEPWELL_EMAIL_FROM", "notes@localhost")
SECURE = KEEPWELL_BASE_URL.startswith("https://")
DEBUG = read("KEEPWELL_DEBUG") == "1"  # development only: the style page and tracebacks
_host = KEEPWELL_BASE_URL.split("://")[-1].split("/")[0].rsplit(":", 1)[0]
ALLOWED_HOSTS = sorted({_host, "localhost", "127.0.0.1", "[::1]"})
CSRF_TRUSTED_ORIGINS = [KEEPWELL_BASE_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "csp",
    "keepwell.ui",  # before allauth, whose templates it dresses
    "keepwell.people",
    "keepwell.notify",
    "keepwell.ballots",
    "keepwell.measures",
    "keepwell.plans",
    "keepwell.insight",
    "keepwell.today",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "keepwell.ui.middleware.Clock",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "keepwell.people.middleware.SharedDevice",
    "keepwell.people.middleware.Viewer",
    "keepwell.places.Places",
    "keepwell.ui.middleware.Language",
    "keepwell.ui.middleware.Headers",
    "keepwell.people.middleware.KeepForm",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "keepwell.people.middleware.SignIn",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]

if DEMO:
    MIDDLEWARE.insert(MIDDLEWARE.index("keepwell.places.Places") + 1, "keepwell.demo.door.Cast")

ROOT_URLCONF = "keepwell.urls"
WSGI_APPLICATION = "keepwell.wsgi.application"
FORM_RENDERER = "keepwell.ui.forms.Renderer"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "keepwell.ui.context.frame",
            ],
        },
    }
]

# ---- stores: one for the rows, one for the keys (trust.md, section 1) ----
_SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=20000;",
}


def _databases(url: str) -> dict[str, dict[str, Any]]:
    if not url:
        # Opening costs more than a page asks of the store, so a connection is kept; for a minute, so that a folder set aside is let go.
        kept = {"ENGINE": "django.db.backends.sqlite3", "CONN_MAX_AGE": 60}
        return {
            alias: {**kept, "NAME": str(DATA / name), "OPTIONS": dict(_SQLITE)}
            for alias, name in (("default", "keepwell.sqlite3"), ("keys", "keys.sqlite3"))
        }
    default = _env.db_url_config(url)
    if default["ENGINE"] != "django.db.backends.postgresql":
        FAULTS.append("KEEPWELL_DATABASE_URL must begin with postgres://. Leave it empty for the embedded SQLite store.")
    default["CONN_MAX_AGE"], default["CONN_HEALTH_CHECKS"] = 600, True
    # A role of its own for the keys where KEEPWELL_KEYS_DATABASE_URL names one; a schema of its own in any case.
    keys_url = read("KEEPWELL_KEYS_DATABASE_URL")
    keys = dict(_env.db_url_config(keys_url) if keys_url else default)
    keys["CONN_MAX_AGE"], keys["CONN_HEALTH_CHECKS"] = 600, True
    keys["OPTIONS"] = {**keys.get("OPTIONS", {}), "options": "-c search_path=keepwell_keys"}
    keys["TEST"] = {"NAME": f"test_{keys['NAME']}_keys"}
    return {"default": default, "keys": keys}


DATABASES = _databases(read("KEEPWELL_DATABASE_URL"))
DATABASE_ROUTERS = ["keepwell.people.keystore.KeyStoreRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rate limits must be shared by all web workers, so the cache is the store itself unless a better one is named.
CACHES: dict[str, dict[str, Any]] = {
    "default": _env.cache_url_config(read("KEEPWELL_CACHE_URL"))
    if read("KEEPWELL_CACHE_URL")
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "keepwell_cache"}
}

# ---- signing in ----
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["keepwell.people.hashing.Argon2id"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"
ACCOUNT_ADAPTER = "keepwell.notify.accounts.Accounts"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"  # who signs in with an address not yet confirmed is sent a code there
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True  # whoever's sign-in is changed hears of it
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60  # a slow mail server needs minutes
ACCOUNT_CHANGE_EMAIL = False
ACCOUNT_MAX_EMAIL_ADDRESSES = 3
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = True  # a session lasts a week; "This is a shared device" at sign-in makes it end with the browser
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # a stranger's address gets no letter; the page says the same either way
ACCOUNT_FORMS = {
    "login": "keepwell.people.forms.arrive.SignIn",
    "reset_password": "keepwell.people.forms.arrive.NewPassword",
    "reset_password_from_key": "keepwell.people.forms.account.CompleteReset",
    "confirm_password_reset_code": "keepwell.people.forms.account.ResetCode",
    "confirm_email_verification_code": "keepwell.people.forms.account.LetterCode",
    "change_password": "keepwell.people.forms.account.ChangePassword",
    "set_password": "keepwell.people.forms.account.SetPassword",
    "reauthenticate": "keepwell.people.forms.account.PasswordAgain",
    "add_email": "keepwell.people.forms.account.AddAddress",
}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_REAUTHENTICATION_REQUIRED = True
MFA_ADAPTER = "keepwell.people.second_factor.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # a private address may wait to be confirmed; the invited one was proved by its link
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_FORMS = {
    "authenticate": "keepwell.people.forms.account.ShowCode",
    "reauthenticate": "keepwell.people.forms.account.ShowCodeAgain",
    "activate_totp": "keepwell.people.forms.account.FirstCode",
    "add_webauthn": "keepwell.people.forms.account.AddPasskey",
    "edit_webauthn": "keepwell.people.forms.account.NamePasskey",
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
MFA_TOTP_ISSUER = KEEPWELL_NAME
USERSESSIONS_TRACK_ACTIVITY = False  # when somebody was last here is nobody's business, not even the store's
ALLAUTH_TRUSTED_PROXY_COUNT = KEEPWELL_TRUSTED_PROXIES

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 7 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-kw" if SECURE else "kw"
CSRF_COOKIE_NAME = "__Host-kwc" if SECURE else "kwc"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "keepwell.ui.views.csrf_refused"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# ---- headers ----
SECURE_SSL_REDIRECT = False  # the proxy in front does it; behind it every request would look insecure
SECURE_HSTS_SECONDS = 63_072_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if KEEPWELL_TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"  # "no-referrer" would make browsers send Origin: null and break signing in
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],  # the QR picture of the one-time-code page
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
        "object-src": [NONE],
    }
}

# ---- language, time ----
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [str(Path(__file__).resolve().parent / "locale")]  # words of the root files; each room has its own
LANGUAGE_COOKIE_NAME = "kw_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = USE_TZ = True
FORMAT_MODULE_PATH = "keepwell.ui.formats"  # day before month, 24 hours, no commas to trip over
TIME_ZONE = "UTC"

# ---- static files ----
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600

# ---- post ----
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = SERVER_EMAIL = KEEPWELL_EMAIL_FROM
if KEEPWELL_EMAIL_URL:
    vars().update(_env.email_url_config(KEEPWELL_EMAIL_URL))
else:  # nothing is lost: mails wait in the outbox, and the pages say that no post is set up
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"keepwell": {"level": "INFO"}},
}
