"""Resumable uploads by the tus protocol 1.0 (https://tus.io/protocols/resumable-upload).

A raw ASGI app: Django under ASGI would write a whole body to disk before any
view, and keep nothing of a connection that breaks. It offers the core protocol
and the extensions creation, termination and expiration.
"""

from cms.videos.uploads.app import create_app

__all__ = ["create_app"]
