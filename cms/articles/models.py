"""Pages: co-operatives' sections and the articles in them."""

from typing import Any

from django.core.paginator import Paginator
from django.db import models
from django.db.models import Exists, F, OuterRef
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, TitleFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index

from cms.articles.approval import ModeratorTask
from cms.articles.blocks import BodyBlock
from cms.articles.forms import ArticleForm
from cms.articles.parts import Part, parts_of
from cms.articles.structured import news_article, reading_minutes
from cms.cooperatives.forms import ScopedPageForm
from cms.cooperatives.models import Cooperative, Region
from cms.core import clock
from cms.videos.models import Category

__all__ = ["ArticlePage", "ArticleQuerySet", "ModeratorTask", "PageForm", "SectionPage"]

PER_PAGE = 12
"""Stories on one page of a section: about three screens of a phone."""


class SectionPage(Page):
    """The root of a co-operative's own pages; the top one answers at /kabar/."""

    cooperative = models.OneToOneField(
        Cooperative,
        verbose_name=_("koperasi"),
        on_delete=models.PROTECT,
        related_name="section",
        null=True,
        blank=True,
        editable=False,
    )
    intro = models.TextField(_("pengantar"), max_length=300, blank=True)

    template = "articles/section.html"
    base_form_class = ScopedPageForm
    content_panels = [*Page.content_panels, FieldPanel("intro")]
    parent_page_types = ["wagtailcore.Page", "articles.SectionPage"]
    subpage_types = ["articles.SectionPage", "articles.ArticlePage"]

    class Meta:
        verbose_name = _("bagian")
        verbose_name_plural = _("bagian")

    @property
    def zone(self) -> str:
        """The zone in which its readers tell the time."""
        return self.cooperative.zone if self.cooperative else Cooperative.Zone.WIB.value

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:  # noqa: ARG003
        """Sections are made with their co-operative, never by hand."""
        return False

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add one page of stories, `?halaman=` of them."""
        context = super().get_context(request, *args, **kwargs)
        stories = ArticlePage.objects.shown().descendant_of(self)
        pages = Paginator(stories.select_related("category", "cover"), PER_PAGE)
        context["stories"] = pages.get_page(request.GET.get("halaman"))
        context["sections"] = self.get_children().live().type(SectionPage).order_by("title")
        return context


class ArticleQuerySet(PageQuerySet):
    """Articles, by who may see them and what they are about."""

    def shown(self) -> "ArticleQuerySet":
        """Published and open to everyone, the newest first."""
        return self.live().public().order_by("-first_published_at", "-pk")

    def in_sections(self, sections: models.QuerySet[SectionPage]) -> "ArticleQuerySet":
        """Articles anywhere below one of `sections`."""
        above = sections.annotate(
            below=models.ExpressionWrapper(OuterRef("path"), output_field=models.CharField())
        ).filter(below__startswith=F("path"))
        return self.filter(Exists(above))

    def for_category(self, category: Category) -> "ArticleQuerySet":
        """Articles of a rubrik."""
        return self.filter(category=category)

    def for_region(self, region: Region) -> "ArticleQuerySet":
        """Articles of the co-operatives of a wilayah and of those below them."""
        return self.in_sections(SectionPage.objects.filter(cooperative__region=region))


class ArticlePage(Page):
    """An article of the redaksi. Region and co-operative are those of its section."""

    category = models.ForeignKey(
        Category,
        verbose_name=_("rubrik"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    summary = models.TextField(
        _("ringkasan"),
        max_length=300,
        blank=True,
        help_text=_("Satu atau dua kalimat: apa yang terjadi dan untuk siapa. Tampil di daftar."),
    )
    author = models.CharField(
        _("penulis"),
        max_length=120,
        blank=True,
        help_text=_("Nama yang tampil di bawah judul. Bila kosong: redaksi koperasi ini."),
    )
    cover = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("gambar sampul"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )
    cover_alt = models.CharField(
        _("isi gambar sampul"),
        max_length=200,
        blank=True,
        help_text=_("Apa yang terlihat, untuk pembaca layar. Kosongkan bila hanya hiasan."),
    )
    cover_credit = models.CharField(
        _("sumber gambar sampul"), max_length=120, blank=True, help_text=_("Siapa yang membuatnya.")
    )
    body = StreamField(BodyBlock(), verbose_name=_("isi"), blank=True)

    objects = PageManager.from_queryset(ArticleQuerySet)()

    template = "articles/article.html"
    base_form_class = ArticleForm
    content_panels = [
        TitleFieldPanel("title", placeholder=_("Judul kabar")),
        FieldPanel("summary"),
        FieldPanel("category"),
        MultiFieldPanel(
            [FieldPanel("cover"), FieldPanel("cover_alt"), FieldPanel("cover_credit")],
            heading=_("Gambar sampul"),
        ),
        FieldPanel("body"),
        FieldPanel("author"),
    ]
    search_fields = [*Page.search_fields, index.SearchField("summary"), index.SearchField("body")]
    parent_page_types = ["articles.SectionPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("kabar")
        verbose_name_plural = _("kabar")

    @cached_property
    def section(self) -> SectionPage | None:
        """The nearest section above, None for a page that has not been placed."""
        return SectionPage.objects.ancestor_of(self).order_by("-depth").first()

    @property
    def cooperative(self) -> Cooperative | None:
        """Whose article it is."""
        return self.section.cooperative if self.section else None

    @property
    def region(self) -> Region | None:
        """The wilayah of its co-operative."""
        return self.cooperative.region if self.cooperative else None

    @property
    def zone(self) -> str:
        """The zone in which its readers tell the time."""
        return self.section.zone if self.section else Cooperative.Zone.WIB.value

    @property
    def byline(self) -> str:
        """Who wrote it: a name, else the redaksi of its co-operative."""
        if self.author or not self.cooperative:
            return self.author or gettext("Redaksi Siar")
        return gettext("Redaksi %(name)s") % {"name": self.cooperative.name}

    def parts(self, *, preview: bool = False) -> list[Part]:
        """Return the blocks as they are shown now."""
        return parts_of(self.body, self.cooperative, f"kabar-{self.pk or 0}", preview=preview)

    def others(self, count: int = 4) -> "list[ArticlePage]":
        """Return newer articles of the same rubrik, then of any."""
        rest = ArticlePage.objects.shown().exclude(pk=self.pk)
        found = list(rest.filter(category_id=self.category_id)[:count]) if self.category_id else []
        if len(found) < count:
            found += rest.exclude(pk__in=[page.pk for page in found])[: count - len(found)]
        return found

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the blocks, the minutes that they take to read, and what machines read."""
        context = super().get_context(request, *args, **kwargs)
        preview = getattr(request, "is_preview", False)
        context["parts"] = self.parts(preview=preview)
        context["minutes"] = reading_minutes(self)
        context["published"] = self.first_published_at or clock.now()
        context["structured"] = news_article(self, request, context["published"])
        context["others"] = self.others()
        return context


class PageForm(models.Model):
    """Which form made which page, for a minute (twins.py)."""

    form = models.CharField(max_length=64, unique=True)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    created = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"form of {self.page_id}"
