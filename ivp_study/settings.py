"""Settings: values come from the environment through one typed reader; without any, a private study under var/."""

import os
import secrets
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from ivp_study import schedule
from ivp_study.embedded import resolve_urls

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
_urls = resolve_urls()

VAR_DIR = Path(env.str("IVP_VAR", default=str(BASE_DIR / "var")))
PRODUCTION = env.bool("IVP_PRODUCTION", default=False)
DEBUG = env.bool("IVP_DEBUG", default=False)


def _private_secret(name: str, *, nbytes: int) -> str:
    """Read a secret from the environment; outside production, make one under var/ that only this account can read."""
    value = env.str(name, default="")
    if value:
        return value
    if PRODUCTION:
        message = f"{name} is missing: production needs it in the environment"
        raise ImproperlyConfigured(message)
    path = VAR_DIR / "secrets" / name.lower()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(nbytes))
    except FileExistsError:
        pass
    return path.read_text()


SECRET_KEY = _private_secret("IVP_SECRET_KEY", nbytes=48)
# "id:base64url of 32 bytes", several separated by commas; the first seals, all open.
_vault_file = env.str("IVP_VAULT_KEYS_FILE", default="")
VAULT_KEYS = Path(_vault_file).read_text() if _vault_file else env.str("IVP_VAULT_KEYS", default="")
VAULT_KEYS = VAULT_KEYS or "local:" + _private_secret("IVP_VAULT_KEY", nbytes=32)
# 32 bytes in base64url: what signs the audit's checkpoints, so that they hold outside, too.
AUDIT_SIGNING_KEY = _private_secret("IVP_AUDIT_KEY", nbytes=32)
# The public keys that signed before it, as PEM without its first and last lines: what they signed holds on.
AUDIT_KEYS_BEFORE = env.list("IVP_AUDIT_KEYS_BEFORE", default=[])
# What a watching program shows at /salud/medidas/ ("Authorization: Key …"); without it there is no such page.
METRICS_KEY = env.str("IVP_METRICS_KEY", default="")
ALLOWED_HOSTS = env.list("IVP_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
# The certificate of the locked allocation, kept outside the database: compared with it at start and every day.
ALLOCATION_CERTIFICATE = env.str("IVP_CERTIFICATE", default="")
CSRF_TRUSTED_ORIGINS = env.list("IVP_ORIGINS", default=[])

# --- Parts -----------------------------------------------------------------------------------------------------------

STUDY_APPS = [
    "audit",
    "accounts",
    "documents",
    "messaging",
    "protocol",
    "stations",
    "training",
    "participants",
    "safety",
    "care",
    "referrals",
    "risk",
    "visits",
    "surveys",
    "interviews",
    "phone",
    "data_protection",
    "complaints",
    "back_checks",
    "quality",
    "data_lock",
    "panel",
    "monitoring",
    "simulation",
]
INSTALLED_APPS = [
    *STUDY_APPS,
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "axes",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    # Before what speaks of documents alone: an old phone pays for each header of forty files.
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ivp_study.policy.KeptPolicyMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "ivp_study.locale.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.LeftInAHurryMiddleware",
    "accounts.middleware.AccessTableMiddleware",
    "phone.middleware.BehindThePinMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "ivp_study.before_protocol.BeforeProtocolMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "ivp_study.urls"
WSGI_APPLICATION = "ivp_study.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context_processors.navigation",
                "monitoring.context_processors.planner",
            ]
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Database and queue ----------------------------------------------------------------------------------------------

_database_url = _urls.owner_database if env.str("IVP_DB_ROLE", default="app") == "owner" else _urls.database
DATABASES = {
    "default": {
        **environ.Env.db_url_config(_database_url),
        "ENGINE": "ivp_study.kept_line",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }
}
# The empty demonstration is a second database on the same server.
if env.str("IVP_DB_NAME", default=""):
    DATABASES["default"]["NAME"] = env.str("IVP_DB_NAME")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CELERY_BROKER_URL = _urls.redis
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 900, "global_keyprefix": env.str("IVP_QUEUE", default="ivp:")}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_ENABLE_UTC = True
CELERY_TIMEZONE = "America/Lima"
CELERY_BEAT_SCHEDULE = schedule.SWEEPS

# Counts of calls only: nothing of the study lies in it.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": _urls.redis,
        "KEY_PREFIX": env.str("IVP_QUEUE", default="ivp:"),
    }
}

# --- People ----------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.backends.AccountBackend",
    # Of sessions that began before the one above; it is not asked about passwords.
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
# How many proxies stand before the study, each of which adds to X-Forwarded-For. With none, everybody comes from the
# same address behind a proxy: whoever knows a name could keep its owner out.
PROXIES = env.int("IVP_PROXIES", default=0)
AXES_CLIENT_IP_CALLABLE = "accounts.requests.address_of"
AXES_USERNAME_CALLABLE = "accounts.requests.name_tried"
AXES_LOCKOUT_TEMPLATE = "registration/locked_out.html"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False

# --- Risk ------------------------------------------------------------------------------------------------------------

# A folder outside of the repository with the item texts that licence holders supply, CODE.VERSION.json each.
SCALE_PACKS = env.str("IVP_SCALE_PACKS", default="")

# --- Questionnaires ---------------------------------------------------------------------------------------------------

# Of the files that a questionnaire names, each and all together: a phone keeps them, on a poor line.
QUESTIONNAIRE_FILE_BYTES = env.int("IVP_QUESTIONNAIRE_FILE_BYTES", default=2 * 2**20)
QUESTIONNAIRE_FILES_BYTES = env.int("IVP_QUESTIONNAIRE_FILES_BYTES", default=8 * 2**20)

# --- Messages ---------------------------------------------------------------------------------------------------------

# By way, the class that sends: messaging.senders.EmailSender or SmsGatewaySender where they are set up.
MESSAGE_SENDERS = {
    "email": env.str("IVP_EMAIL_SENDER", default="messaging.senders.ConsoleSender"),
    "sms": env.str("IVP_SMS_SENDER", default="messaging.senders.ConsoleSender"),
}
MESSAGE_SUBJECT = "Agenda"
SMS_GATEWAY_URL = env.str("IVP_SMS_GATEWAY_URL", default="")
SMS_GATEWAY_TOKEN = env.str("IVP_SMS_GATEWAY_TOKEN", default="")
# E-mail addresses and telephones (with +) that hear of a new notice for the safety officer.
SAFETY_NOTICES_TO = env.list("IVP_SAFETY_NOTICES_TO", default=[])
# The same of those who hear when a safety case was not answered in time, or nobody is on duty.
ADMIN_NOTICES_TO = env.list("IVP_ADMIN_NOTICES_TO", default=[])
# The same of the board's members, who hear of serious adverse events.
BOARD_NOTICES_TO = env.list("IVP_BOARD_NOTICES_TO", default=[])
# The same of those who keep the desk of personal data and of the board: incidents, reminders, terms that run out.
DATA_NOTICES_TO = env.list("IVP_DATA_NOTICES_TO", default=[])
EMAIL_HOST, EMAIL_PORT = env.str("IVP_EMAIL_HOST", default="localhost"), env.int("IVP_EMAIL_PORT", default=25)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = env.str("IVP_EMAIL_USER", default=""), env.str("IVP_EMAIL_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("IVP_EMAIL_TLS", default=False)
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env.str("IVP_EMAIL_FROM", default="agenda@localhost")

# --- Headers ---------------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "camera": [],
    "display-capture": [],
    "geolocation": [],
    "microphone": [],
    "payment": [],
    "usb": [],
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_NAME = "agenda"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("IVP_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^salud/$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
# Where the quick exit leads: a harmless page that most people have open now and then.
QUICK_EXIT_URL = env.str("IVP_QUICK_EXIT_URL", default="https://www.senamhi.gob.pe/")

# --- Language and time -----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "es"
LANGUAGES = [("es", "Español"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "idioma"
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "ivp_study.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "America/Lima"

# --- Files -----------------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
_NODE = BASE_DIR / "node_modules"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/bootstrap", _NODE / "bootstrap" / "dist"),
    ("vendor/font", _NODE / "@fontsource-variable" / "source-sans-3" / "files"),
    ("vendor/htmx", _NODE / "htmx.org" / "dist"),
    ("vendor/idb", _NODE / "idb" / "build"),
    ("vendor/vue", _NODE / "vue" / "dist"),
    ("vendor/web-forms", _NODE / "@getodk" / "web-forms" / "dist"),
]
# In the image every file is compressed and named by its hash; on a desk the finders serve what is there.
_STATIC_BACKEND = (
    "whitenoise.storage.CompressedManifestStaticFilesStorage"
    if PRODUCTION
    else "django.contrib.staticfiles.storage.StaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _STATIC_BACKEND},
}
WHITENOISE_USE_FINDERS = not PRODUCTION
if not PRODUCTION:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_MAX_AGE = 60 * 60
MEDIA_ROOT = VAR_DIR / "media"
# Nothing that people send lies in a temporary file.
FILE_UPLOAD_HANDLERS = ["documents.uploads.MemoryUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# --- API -------------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["accounts.parsers.StudyJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "accounts.api.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
# How often a program may ask by one key.
TOKEN_CALLS_A_MINUTE = env.int("IVP_TOKEN_CALLS_A_MINUTE", default=120)
SPECTACULAR_SETTINGS = {
    "TITLE": "Agenda",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "OAS_VERSION": "3.1.0",
    "ENUM_NAME_OVERRIDES": {"YesNoUnknown": "visits.log_fields.Answer"},
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "accounts.openapi.add_refusals"],
}

# --- Logs ------------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # With DEBUG errors are logged with their words, which may quote anybody's data.
    "formatters": {
        "line": {
            "class": "logging.Formatter" if DEBUG else "ivp_study.logs.WordlessFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("IVP_LOG_LEVEL", default="INFO")},
    "loggers": {"axes": {"level": "WARNING"}, "celery.beat": {"level": "WARNING"}},
}
