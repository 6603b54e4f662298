"""One form makes one page, however often and however fast it is sent.

Wagtail saves a form half a second after each change. Where the signal or the server is
slow, "Publish" is pressed while the first such save is on its way: both make a page. The
second was refused with a fault 500 ("slug is already in use"), or became a double of the
first. Here the posts of one form wait for each other, and the later ones edit.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import cast

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.models import Page

from cms.articles.models import PageForm
from cms.core import clock
from cms.core.editing import held
from cms.core.models import User

TOGETHER = timedelta(minutes=1)
"""Posts of one form that are further apart are no race: somebody went back to it."""


def create_once(request: HttpRequest, parent: Page, page_class: type[Page]) -> HttpResponse | None:
    """Answer the post of a form for a new page; return None for any other request."""
    # Django masks the token differently each time it renders a form, so the token names the form.
    token = request.POST.get("csrfmiddlewaretoken", "")
    if request.method != "POST" or not token or hasattr(request, "siar_form"):
        return None
    user = cast(User, request.user)
    form = sha256(f"{user.pk}:{parent.pk}:{token}".encode()).hexdigest()
    request.siar_form = form  # type: ignore[attr-defined]
    with transaction.atomic():
        # Whoever writes first holds the parent; on SQLite all writers wait for one another.
        Page.objects.select_for_update().get(pk=parent.pk)
        now = clock.now()
        made = PageForm.objects.filter(form=form, created__gte=now - TOGETHER).first()
        answer = _edit(request, made.page) if made else _create(request, parent, page_class)
        return answer.render() if hasattr(answer, "render") else answer


def remember(request: HttpRequest, page: Page, now: datetime) -> None:
    """Keep which form made `page`, for as long as it may be sent again."""
    PageForm.objects.filter(created__lt=now - TOGETHER).delete()
    if form := getattr(request, "siar_form", ""):
        PageForm.objects.update_or_create(form=form, defaults={"page": page, "created": now})


def _create(request: HttpRequest, parent: Page, page_class: type[Page]) -> HttpResponse:
    meta = page_class._meta
    answer: HttpResponse = CreateView.as_view()(request, meta.app_label, meta.model_name, parent.pk)
    return answer


def _edit(request: HttpRequest, page: Page) -> HttpResponse:
    row = Page.objects.filter(pk=page.pk)
    with held(request, row):
        if not request.accepts("text/html") and row.filter(live=True).exists():
            # An automatic save that was sent before the publication has nothing newer.
            return JsonResponse({"success": False, "error_code": "published", "error_message": ""})
        answer: HttpResponse = EditView.as_view()(request, page.pk)
        return answer
