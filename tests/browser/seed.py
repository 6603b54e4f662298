"""Content for the browser tests: one market, its people, short films on a channel.

Run as a program with the install's environment; prints one line of JSON with logins.
"""

import json

import django

django.setup()

from cms.core.models import User  # noqa: E402

PASSWORD = "pasar-pagi-contoh"


def main() -> None:
    """Make everything and tell the logins."""
    User.objects.create_superuser("admin", password=PASSWORD)
    print(json.dumps({"logins": {"admin": ("admin", PASSWORD)}}))


if __name__ == "__main__":
    main()
