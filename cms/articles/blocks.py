"""Blocks of an article's body.

A block holds ids only. Whether a reader sees what an id names is decided anew at
each rendering (`cms.articles.parts`), since a StreamField does not check the
scope of an id that was posted to it, and videos, products and channels come and go.
"""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from cms.traders.blocks import ProductChooserBlock
from cms.videos.blocks import VideoChooserBlock

TEXT_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link", "hr"]
"""No embeds and no images inside text: they have blocks of their own, with words beside them."""


class PictureBlock(blocks.StructBlock):
    """A picture with what a screen reader says and whose picture it is."""

    image = ImageChooserBlock(label=_("Gambar"))
    alt = blocks.CharBlock(
        label=_("Isi gambar"),
        max_length=200,
        required=False,
        help_text=_("Apa yang terlihat, untuk pembaca layar. Kosongkan bila hanya hiasan."),
    )
    caption = blocks.CharBlock(label=_("Keterangan"), max_length=200, required=False)
    credit = blocks.CharBlock(
        label=_("Sumber"), max_length=100, required=False, help_text=_("Siapa yang membuatnya.")
    )

    class Meta:
        icon = "image"
        label = _("Gambar")


class QuoteBlock(blocks.StructBlock):
    """Somebody's words."""

    text = blocks.TextBlock(label=_("Kutipan"), max_length=500, rows=3)
    source = blocks.CharBlock(label=_("Siapa yang berkata"), max_length=120, required=False)

    class Meta:
        icon = "openquote"
        label = _("Kutipan")


class LinkBlock(blocks.StructBlock):
    """One link, to a page of the site or to an address outside."""

    title = blocks.CharBlock(label=_("Judul"), max_length=120)
    page = blocks.PageChooserBlock(label=_("Halaman di Siar"), required=False)
    url = blocks.URLBlock(
        label=_("Alamat luar"), required=False, help_text=_("Isi salah satu: halaman atau alamat.")
    )

    class Meta:
        icon = "link"
        label = _("Tautan")


class LinksBlock(blocks.StructBlock):
    """A list of links under one heading."""

    heading = blocks.CharBlock(label=_("Judul daftar"), max_length=80, required=False)
    links = blocks.ListBlock(LinkBlock(), label=_("Tautan"), min_num=1, max_num=12)

    class Meta:
        icon = "list-ul"
        label = _("Daftar tautan")


class BodyBlock(blocks.StreamBlock):
    """What an article is made of."""

    text = blocks.RichTextBlock(label=_("Teks"), features=TEXT_FEATURES, icon="pilcrow")
    picture = PictureBlock()
    gallery = blocks.ListBlock(
        PictureBlock(), label=_("Galeri"), icon="image", min_num=2, max_num=24
    )
    quote = QuoteBlock()
    video = VideoChooserBlock(label=_("Video"))
    product = ProductChooserBlock(label=_("Produk"))
    channel = SnippetChooserBlock("channels.Channel", label=_("Siaran langsung"), icon="view")
    links = LinksBlock()

    class Meta:
        block_counts = {"channel": {"max_num": 1}, "video": {"max_num": 10}}
