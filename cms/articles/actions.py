"""What changes the tree of pages."""

from datetime import datetime

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import (
    Locale,
    Page,
    Site,
    Task,
    Workflow,
    WorkflowContentType,
    WorkflowPage,
    WorkflowTask,
)

from cms.articles.models import ModeratorTask, SectionPage
from cms.cooperatives.models import Cooperative
from cms.videos.models import Video


@transaction.atomic
def do_ensure_root(now: datetime) -> SectionPage:
    """Return the page at /kabar/, made and set as the site's root if there is none.

    Wagtail's welcome page goes. May be called at every start.
    """
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site and isinstance(site.root_page.specific, SectionPage):
        do_ensure_workflow()
        return site.root_page.specific
    Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    top = Page.get_first_root_node() or Page.add_root(instance=Page(title="Root", slug="root"))
    root = top.add_child(
        instance=SectionPage(
            title="Kabar", slug="kabar", live=True, first_published_at=now, last_published_at=now
        )
    )
    do_ensure_workflow()
    if site is None:
        Site.objects.create(
            hostname="localhost",
            root_page=root,
            is_default_site=True,
            site_name=settings.WAGTAIL_SITE_NAME,
        )
        return root
    welcome = site.root_page
    site.root_page = root
    site.site_name = settings.WAGTAIL_SITE_NAME
    site.save()
    if type(welcome.specific) is Page and not welcome.is_root():
        welcome.delete()
    return root


@transaction.atomic
def do_ensure_section(cooperative: Cooperative, now: datetime) -> SectionPage:
    """Return the section of a co-operative, made below that of the one above it.

    The first top co-operative takes the root page itself: Inkoppas writes at /kabar/.
    A name that changed is brought up to date; the address stays.
    """
    section = SectionPage.objects.filter(cooperative=cooperative).first()
    if section is None:
        section = _new_section(cooperative, now)
    if section.title != cooperative.name and section.depth > 2:
        section.title = section.draft_title = cooperative.name
        section.save()
    return section


def _new_section(cooperative: Cooperative, now: datetime) -> SectionPage:
    root = do_ensure_root(now)
    above = cooperative.get_parent()
    if above is None and root.cooperative_id is None:
        root.cooperative = cooperative
        root.save()
        return root
    parent = do_ensure_section(above, now) if above else root
    return parent.add_child(
        instance=SectionPage(
            title=cooperative.name,
            slug=cooperative.slug,
            cooperative=cooperative,
            live=True,
            first_published_at=now,
            last_published_at=now,
        )
    )


@transaction.atomic
def do_ensure_workflow() -> None:
    """Let moderators approve pages and videos. What an administrator changed later stays."""
    if ModeratorTask.objects.exists():
        return
    task = ModeratorTask.objects.create(name="Pemeriksaan moderator")
    workflow = Workflow.objects.create(name="Persetujuan moderator")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    top = Page.get_first_root_node()
    # Wagtail brings one for a group that no co-operative has.
    WorkflowPage.objects.update_or_create(page=top, defaults={"workflow": workflow})
    Workflow.objects.filter(name="Moderators approval").update(active=False)
    Task.objects.filter(name="Moderators approval").update(active=False)
    video = ContentType.objects.get_for_model(Video)
    WorkflowContentType.objects.get_or_create(content_type=video, defaults={"workflow": workflow})
