"""What changes a person's own account."""

from datetime import datetime

from django.conf import settings

from cms.core.models import User


def do_choose_language(user: User, language: str) -> None:
    """Answer `user` in `language` from now on; an unknown one changes nothing."""
    if language in dict(settings.LANGUAGES):
        User.objects.filter(pk=user.pk).update(language=language)
        user.language = language


def do_end_sessions(user: User, now: datetime) -> None:
    """Sign `user` out everywhere, as when a phone is lost. The password stays."""
    User.objects.filter(pk=user.pk).update(sessions_ended_at=now)
    user.sessions_ended_at = now
