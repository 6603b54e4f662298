"""What changes a person's own account."""

from django.conf import settings

from cms.core.models import User


def do_choose_language(user: User, language: str) -> None:
    """Answer `user` in `language` from now on; an unknown one changes nothing."""
    if language in dict(settings.LANGUAGES):
        User.objects.filter(pk=user.pk).update(language=language)
        user.language = language
