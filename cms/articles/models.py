"""Pages: co-operatives' sections and the articles in them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField
from wagtail.models import Page

from cms.articles.blocks import BodyBlock
from cms.cooperatives.models import Cooperative
from cms.videos.models import Category


class SectionPage(Page):
    """The root of a co-operative's own pages."""

    cooperative = models.OneToOneField(
        Cooperative, on_delete=models.PROTECT, related_name="section", null=True, blank=True
    )


class ArticlePage(Page):
    """An article of the redaksi."""

    category = models.ForeignKey(
        Category, verbose_name=_("rubrik"), on_delete=models.PROTECT, null=True, blank=True
    )
    summary = models.TextField(_("ringkasan"), max_length=300, blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("isi"), blank=True)
