"""The door: one ASGI application in front of everything.

Uploads, playlists, media, static files and what devices saw are answered here, because Django
would spool a whole request body to disk before it knows who sends it, and
because playlists through Django are twenty times slower.
"""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.development")
django = get_asgi_application()  # models may be imported only from here on

from django.conf import settings  # noqa: E402

from cms.audience.events import beacon  # noqa: E402
from cms.core import clock, published  # noqa: E402
from cms.core.door import Door, capped, public_files, static_files  # noqa: E402
from cms.videos import uploads  # noqa: E402
from media_pipeline.origin import create_origin  # noqa: E402

application = Door(
    origin=create_origin(published.store(), media_url=settings.PUBLISHED_URL, clock=clock.now),
    uploads=uploads.create_app(),
    seen=beacon.create_app(clock.now),
    static=static_files(settings.STATIC_ROOT),
    files=public_files(settings.MEDIA_ROOT),
    django=capped(django, settings.LARGEST_BODY),
)
