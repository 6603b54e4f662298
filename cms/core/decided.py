"""What a moderator decided, in words: Wagtail says only that something was changed."""

from django.http import HttpRequest
from django.utils.translation import gettext as _


def decision(request: HttpRequest, title: str, *, live: bool) -> str:
    """Return the sentence for the decision that `request` posts, "" where it is another act.

    `live` is whether the thing is public now.
    """
    if not request.POST.get("action-workflow-action"):
        return ""
    match request.POST.get("workflow-action-name"):
        case "approve" if live:
            text = _("“%(title)s” disetujui dan diterbitkan.")
        case "approve":
            text = _("“%(title)s” disetujui.")
        case "reject":
            text = _("“%(title)s” dikembalikan kepada penulisnya.")
        case _other:
            return ""
    return text % {"title": title}
