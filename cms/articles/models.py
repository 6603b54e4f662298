"""Pages: co-operatives' sections and the articles in them."""

from typing import Any

from django.core.paginator import Paginator
from django.db import models
from django.db.models import Exists, F, OuterRef
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index

from cms.articles.blocks import BodyBlock
from cms.cooperatives.models import Cooperative, Region
from cms.videos.models import Category

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
    content_panels = [*Page.content_panels, FieldPanel("intro")]
    parent_page_types = ["wagtailcore.Page", "articles.SectionPage"]
    subpage_types = ["articles.SectionPage", "articles.ArticlePage"]

    class Meta:
        verbose_name = _("bagian")
        verbose_name_plural = _("bagian")

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:  # noqa: ARG003
        """Sections are made with their co-operative, never by hand."""
        return False

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add one page of stories, `?halaman=` of them."""
        context = super().get_context(request, *args, **kwargs)
        stories = ArticlePage.objects.shown().descendant_of(self)
        pages = Paginator(stories, PER_PAGE)
        context["stories"] = pages.get_page(request.GET.get("halaman"))
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
    content_panels = [
        *Page.content_panels,
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
