"""Settings that hold everywhere. What an install may change is read from its environment."""

from pathlib import Path
from typing import Any

import environ

from cms.core.csp import admin_policy, public_policy

ROOT = Path(__file__).resolve().parents[2]
env = environ.Env()

VAR = Path(env.str("SIAR_VAR", default=str(ROOT / "var")))
"""Everything that an embedded install writes: database, originals, published, secrets."""

INSTALLED_APPS = [
    "cms.core",
    "cms.cooperatives",
    "cms.videos",
    "cms.traders",
    "cms.channels",
    "cms.articles",
    "cms.audience",
    "cms.studio",
    "cms.site",
    "cms.api",
    "cms.demo",
    "wagtail.contrib.forms",
    "cms.core.wagtail_apps.Redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "cms.cooperatives.users_app.SiarUsersConfig",
    "cms.core.wagtail_apps.Snippets",
    "cms.core.wagtail_apps.Documents",
    "cms.core.wagtail_apps.Images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "huey.contrib.djhuey",
    "axes",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Viewers pay by the megabyte. Django pads at random against BREACH and masks its tokens.
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "cms.core.csp.AdminPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cms.core.middleware.LanguageMiddleware",
    "cms.cooperatives.gate.GateMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "cms.urls"
ASGI_APPLICATION = "cms.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cms.site.context.site",
            ],
        },
    }
]

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "cms.core.guessing.GuessingBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("SIAR_STATIC", default=str(ROOT / "var" / "static")))
STATICFILES_DIRS = [ROOT / "frontend" / "dist"]

DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": VAR / "siar.sqlite3",
        "OPTIONS": {
            # With the default DEFERRED a mixed load of web and worker gave
            # 273 "database is locked" in 30 s; with these, none.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }
}

MEDIA_ROOT = VAR / "media"
MEDIA_URL = "/files/"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "originals": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR / "originals", "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

PUBLISHED = {"kind": "local", "folder": VAR / "published"}
"""The published store; `kind` is "local" or "s3" (bucket, endpoint, region)."""
PUBLISHED_URL = "/media/"
"""Where viewers fetch keys of the published store; an absolute address behind a CDN."""
UPLOADS_FOLDER = VAR / "uploads"
LARGEST_UPLOAD = env.int("SIAR_LARGEST_UPLOAD", default=20 * 2**30)
"""Bytes of one uploaded video."""
DIRECT_UPLOADS = env.bool("SIAR_DIRECT_UPLOADS", default=True)
"""Whether browsers send videos to the bucket by themselves, where originals stand in one."""
UPLOADS_ENDPOINT = env.str("SIAR_UPLOADS_ENDPOINT", default="")
"""Address of the bucket's server for browsers, where it is another than ours; "" for the same."""
LARGEST_BODY = 20 * 2**20
"""Bytes of any other request's body: a photo in a form is the largest of them."""
SCRATCH_FOLDER = VAR / "scratch"
SCRATCH_RESERVE = env.int("SIAR_SCRATCH_RESERVE", default=2**29)
"""Bytes that must stay free where scratch files stand: with less, no task begins."""
SCRATCH_BYTES = env.int("SIAR_SCRATCH_BYTES", default=64 * 2**30)
"""Bytes that all scratch files of one machine may be together: more, and tasks wait."""
SPOOL_FOLDER = VAR / "spool"
"""Taps on their way to the counts; the worker must see the folder that web writes to."""
PROXIES = env.int("SIAR_PROXIES", default=0)
"""How many of our own proxies stand in front and append to X-Forwarded-For."""
SHARED_NETWORKS = env.list("SIAR_SHARED_NETWORKS", default=[])
"""Addresses or networks behind which many viewers stand: more of them count in an hour."""
LIST_UNCHECKED = env.bool("SIAR_LIST_UNCHECKED", default=False)
"""Whether new stalls and products are public before a coordinator has looked at them."""

TASKS = {
    # Wagtail's own index tasks run at once; ours go to the worker.
    "default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"},
    "jobs": {
        "BACKEND": "huey.contrib.djhuey.tasks_backend.HueyBackend",
        "OPTIONS": {"enqueue_on_commit": True},
    },
}
HUEY = {
    "huey_class": "huey.SqliteHuey",
    "name": "siar",
    "filename": str(VAR / "queue.sqlite3"),
    # By default this follows DEBUG, and then a task runs inside the request.
    "immediate": False,
    "consumer": {"workers": 2, "worker_type": "thread"},
}

WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "heic", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 60_000_000  # a picture is decoded whole, in the request
WAGTAIL_SITE_NAME = "Siar"
WAGTAILADMIN_BASE_URL = env.str("SIAR_BASE_URL", default="http://localhost:8000")
WAGTAIL_CONTENT_LANGUAGES = [("id", "Bahasa Indonesia")]
# One, so that Wagtail offers no choice of its own beside the account's language (core).
WAGTAILADMIN_PERMITTED_LANGUAGES = [("id", "Bahasa Indonesia")]
WAGTAILADMIN_LOGIN_URL = "/masuk/"
WAGTAIL_PASSWORD_RESET_ENABLED = False  # few have e-mail: a coordinator gives a new one
WAGTAIL_ENABLE_UPDATE_CHECK = False  # no request to others because somebody looks at a page
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
# Wagtail would offer all that the system knows, "localtime" among them, which browsers refuse.
WAGTAIL_USER_TIME_ZONES = ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]
MAILERS = {
    # Wagtail sends in the request, and a form of an article is one transaction (articles/twins.py).
    "default": {"BACKEND": "cms.core.mail.AfterCommit", "OPTIONS": {"through": "outgoing"}},
    "outgoing": {"BACKEND": "django.core.mail.backends.console.EmailBackend"},
}
X_FRAME_OPTIONS = "SAMEORIGIN"

MEDIA_HOSTS = env.list("SIAR_MEDIA_HOSTS", default=[])
SECURE_CSP = public_policy(MEDIA_HOSTS)
ADMIN_CSP = admin_policy(MEDIA_HOSTS)
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False  # our own scripts read it to post
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 24  # hours after the last wrong try, until all of them are forgotten
# Not to be noted in the clear: links that still work, and a PIN written the second time.
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "token", "again"]
AXES_LOCKOUT_PARAMETERS = "cms.core.guessing.counted_by"
AXES_HANDLER = "cms.core.guessing.GrowingWaits"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ACCESS_FAILURE_LOG = True  # core/guessing.py counts them; forgotten after a week
# Behind a proxy all have one REMOTE_ADDR, and anybody's tries would lock a name for its owner.
AXES_CLIENT_IP_CALLABLE = "cms.core.visitors.counted_address"
AXES_USERNAME_CALLABLE = "cms.core.guessing.attempted_name"
AXES_LOCKOUT_CALLABLE = "cms.core.sign_in.locked_out"
LOGIN_URL = "/masuk/"
LOGIN_REDIRECT_URL = "/studio/"
ENCODES_AT_ONCE = env.int("SIAR_ENCODES_AT_ONCE", default=1)
"""Pictures that one worker process encodes side by side; each fills about two cores."""
ENCODE_WORKERS = env.int("SIAR_ENCODE_WORKERS", default=1)
"""Worker processes, on all machines, that share the encoding: titles are cut accordingly."""
DOWNLOADS = env.bool("SIAR_DOWNLOADS", default=False)
"""Whether titles get a plain MP4 of at most 360 lines that viewers may keep."""
AV1 = env.bool("SIAR_AV1", default=False)
"""Whether titles get rungs in AV1 besides H.264: fewer bytes for viewers, more CPU for workers."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "cms": {"level": "INFO"},
        # By default Django sends errors by mail alone when DEBUG is off.
        "django": {"handlers": [], "propagate": True},
        # Wagtail's index tasks run inside requests and tell each start and end.
        "django.tasks": {"level": "WARNING"},
        # A 404 is no event for an operator.
        "django.request": {"level": "ERROR", "handlers": [], "propagate": True},
    },
}
