"""At scale: PostgreSQL, S3, HTTPS. A setting that is missing stops the start."""

from cms.settings.base import *

DEBUG = False
SECRET_KEY = env.str("SIAR_SECRET_KEY")
ALLOWED_HOSTS = env.list("SIAR_HOSTS")
DATABASES = {"default": env.db_url("SIAR_DATABASE_URL")}
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
