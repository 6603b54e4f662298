"""An install whose originals stand in a bucket, as at scale, with everything else embedded."""

from cms.settings import development
from cms.settings.development import *  # noqa: F403

STORAGES = {**development.STORAGES}
STORAGES["originals"] = {
    "BACKEND": "storages.backends.s3.S3Storage",
    "OPTIONS": {
        "bucket_name": development.env.str("SIAR_ORIGINALS_BUCKET"),
        "endpoint_url": development.env.str("SIAR_S3_ENDPOINT"),
        "region_name": "us-east-1",
        "access_key": "contoh",
        "secret_key": "contoh",
        "signature_version": "s3v4",
        "file_overwrite": False,
    },
}
