"""At scale: PostgreSQL, S3 behind a CDN, HTTPS at a proxy.

A setting that is missing stops the start with a sentence that names it; what can
only be known by trying is in `manage.py check --deploy` (cms/core/checks.py).
"""

from cms.settings.base import *

DEBUG = False
SECRET_KEY = env.str("SIAR_SECRET_KEY")
# An empty line in a file of settings is no key: anybody could sign with it.
PROOF_KEY = env.str("SIAR_PROOF_KEY", default="") or SECRET_KEY
ALLOWED_HOSTS = env.list("SIAR_HOSTS")
INSTALLED_APPS = [*INSTALLED_APPS, "django.contrib.postgres"]
DATABASES = {"default": env.db_url("SIAR_DATABASE_URL") | {"CONN_HEALTH_CHECKS": True}}
DATABASES["default"].setdefault("OPTIONS", {})["pool"] = True

_S3 = {
    "endpoint": env.str("SIAR_S3_ENDPOINT", default=None),
    "region": env.str("SIAR_S3_REGION", default=None),
}
PUBLISHED = {"kind": "s3", "bucket": env.str("SIAR_PUBLISHED_BUCKET"), **_S3}
PUBLISHED_URL = env.str("SIAR_PUBLISHED_URL")
STORAGES["originals"] = {
    "BACKEND": "storages.backends.s3.S3Storage",
    "OPTIONS": {
        "bucket_name": env.str("SIAR_ORIGINALS_BUCKET"),
        "endpoint_url": _S3["endpoint"],
        "region_name": _S3["region"],
        "signature_version": "s3v4",
        "default_acl": None,
        "file_overwrite": False,
    },
}
HUEY |= {
    "huey_class": "huey.PriorityRedisHuey",
    "connection": {"url": env.str("SIAR_REDIS_URL")},
    "immediate": False,
}
del HUEY["filename"]

PROXIES = env.int("SIAR_PROXIES", default=1)
# The proxy in front must set this header and drop the client's own.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = env.int("SIAR_HSTS_SECONDS", default=3600)
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
