"""What the API tells of each thing. Ids are keys and slugs, which never change."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Schema

from cms.articles.models import ArticlePage
from cms.channels import guide
from cms.channels.models import Channel
from cms.site.exports.selection import KEPT
from cms.site.market.shown import certificates
from cms.traders.cards import picture_url
from cms.traders.links import contact_of, price_text, tap_path
from cms.traders.models import Certificate, FeaturedSegment, Product, Stall
from cms.videos.covers import cover_url
from cms.videos.models import Video

Context = dict[str, Any]


def absolute(context: Context, path: str) -> str:
    """Return `path` as a full address; "" stays empty."""
    request: HttpRequest = context["request"]
    return request.build_absolute_uri(path) if path else ""


class Fault(Schema):
    """Every error: a code for programs, one sentence for people."""

    code: str
    message: str


class RegionOut(Schema):
    """A wilayah."""

    slug: str
    name: str


class CategoryOut(Schema):
    """A rubrik."""

    slug: str
    name: str


class CooperativeOut(Schema):
    """Inkoppas, Puskoppas or Koppas; `parent` is the slug of the one above."""

    slug: str
    name: str
    level: str = Field(description="inkoppas, puskoppas or koppas")
    parent: str | None
    market: str
    city: str
    zone: str = Field(description="IANA time zone")
    region: RegionOut | None


class VideoOut(Schema):
    """A video that can be watched; `playlist` is its HLS master playlist."""

    key: UUID
    title: str
    description: str
    url: str
    playlist: str
    cover: str
    duration: float = Field(description="Seconds")
    rating: str = Field(description="P3SPS: SU, P, A, R or D")
    language: str
    category: CategoryOut | None
    cooperative: str
    region: str | None
    published: datetime | None

    @staticmethod
    def resolve_url(row: Video, context: Context) -> str:
        return absolute(context, row.page_url)

    @staticmethod
    def resolve_playlist(row: Video, context: Context) -> str:
        media = getattr(row, "media", None)
        return absolute(context, media.playlist_url if media else "")

    @staticmethod
    def resolve_cover(row: Video, context: Context) -> str:
        return absolute(context, cover_url(row))

    @staticmethod
    def resolve_duration(row: Video) -> float:
        media = getattr(row, "media", None)
        return media.duration_ms / 1000 if media else 0.0

    @staticmethod
    def resolve_cooperative(row: Video) -> str:
        return row.cooperative.slug

    @staticmethod
    def resolve_region(row: Video) -> str | None:
        return row.cooperative.region.slug if row.cooperative.region else None

    @staticmethod
    def resolve_published(row: Video) -> datetime | None:
        return row.first_published_at


class SegmentOut(Schema):
    """A product's card in a video."""

    product: UUID
    begin: float = Field(description="Seconds from the start of the video")
    end: float
    label: str

    @staticmethod
    def resolve_product(row: FeaturedSegment) -> UUID:
        return row.product.key


class VideoDetail(VideoOut):
    """A video with its chapters and product cards."""

    chapters: list[dict[str, Any]]
    segments: list[SegmentOut]

    @staticmethod
    def resolve_chapters(row: Video) -> list[dict[str, Any]]:
        chapters = row.chapters.order_by("start_ms")
        return [{"start": each.start_ms / 1000, "title": each.title} for each in chapters]

    @staticmethod
    def resolve_segments(row: Video) -> list[FeaturedSegment]:
        return list(row.segments.showing().select_related("product").order_by("begin"))


class ArticleOut(Schema):
    """An article; its text is at `url`."""

    key: UUID
    title: str
    summary: str
    url: str
    category: CategoryOut | None
    cooperative: str | None
    region: str | None
    published: datetime | None
    updated: datetime | None

    @staticmethod
    def resolve_key(row: ArticlePage) -> UUID:
        return row.translation_key

    @staticmethod
    def resolve_url(row: ArticlePage, context: Context) -> str:
        return absolute(context, row.get_url(context["request"]) or "")

    @staticmethod
    def resolve_cooperative(row: ArticlePage) -> str | None:
        return row.cooperative.slug if row.cooperative else None

    @staticmethod
    def resolve_region(row: ArticlePage) -> str | None:
        return row.region.slug if row.region else None

    @staticmethod
    def resolve_published(row: ArticlePage) -> datetime | None:
        return row.first_published_at

    @staticmethod
    def resolve_updated(row: ArticlePage) -> datetime | None:
        return row.last_published_at


class ProgrammeOut(Schema):
    """One line of the guide. Times are UTC."""

    start: datetime
    end: datetime
    title: str
    note: str
    rating: str
    kind: str = Field(description="programme, promotion, azan or filler")
    video: UUID | None = Field(description="Key of the video, where the public may see it")

    @staticmethod
    def resolve_video(row: guide.Programme) -> UUID | None:
        return UUID(row.video_key) if row.video_key else None


class AiringOut(ProgrammeOut):
    """A programme of one channel, with where it is watched again."""

    local: str = Field(description="Its start by the channel's clock, with the offset")
    playlist: str = Field(description="HLS playlist of its past; empty until it is over")

    @staticmethod
    def resolve_local(row: guide.Programme, context: Context) -> str:
        zone = context["request"].channel.zone
        return row.start.astimezone(zone).isoformat(timespec="seconds")

    @staticmethod
    def resolve_playlist(row: guide.Programme, context: Context) -> str:
        request = context["request"]
        kept = request.moment - KEPT <= row.start and row.end <= request.moment
        if not kept or row.gone or row.kind in ("filler", "azan"):
            return ""
        window = f"{int(row.start.timestamp())}-{int(row.end.timestamp())}"
        return absolute(context, f"/live/{request.channel.slug}/{window}/master.m3u8")


class ChannelOut(Schema):
    """A channel with its live playlist, what is on and what comes."""

    slug: str
    name: str
    url: str
    playlist: str
    cooperative: str
    zone: str
    now: ProgrammeOut | None
    next: ProgrammeOut | None

    @staticmethod
    def resolve_url(row: Channel, context: Context) -> str:
        return absolute(context, row.page_url)

    @staticmethod
    def resolve_playlist(row: Channel, context: Context) -> str:
        return absolute(context, row.playlist_url)

    @staticmethod
    def resolve_cooperative(row: Channel) -> str:
        return row.cooperative.slug

    @staticmethod
    def resolve_zone(row: Channel) -> str:
        return row.cooperative.zone

    @staticmethod
    def resolve_now(row: Channel, context: Context) -> guide.Programme | None:
        return guide.on_air(row, context["request"].moment)

    @staticmethod
    def resolve_next(row: Channel, context: Context) -> guide.Programme | None:
        return next(iter(guide.upcoming(row, context["request"].moment, 1)), None)


class CommodityOut(Schema):
    """What is dealt in; `other_names` are spellings and kinds, parted by commas."""

    slug: str
    name: str
    other_names: str


class CertificateOut(Schema):
    """A certificate of a product that is valid today."""

    kind: str = Field(description="halal, pirt or bpom")
    number: str
    valid_until: date = Field(alias="expires_on")


class StallOut(Schema):
    """A stall. Numbers are not told: `chat` of a product leads to the chat."""

    key: UUID
    name: str
    description: str
    url: str
    block: str
    market: str
    verified: bool
    verified_since: datetime | None = Field(
        description="When the co-operative last saw the stall and tried its number"
    )
    commodities: list[str] = Field(description="Slugs")
    cooperative: str

    @staticmethod
    def resolve_url(row: Stall, context: Context) -> str:
        return absolute(context, row.page_url)

    @staticmethod
    def resolve_market(row: Stall) -> str:
        return row.market_name

    @staticmethod
    def resolve_verified(row: Stall) -> bool:
        return row.is_verified

    @staticmethod
    def resolve_verified_since(row: Stall) -> datetime | None:
        return row.verified_at

    @staticmethod
    def resolve_commodities(row: Stall) -> list[str]:
        return [each.slug for each in row.commodities.all()]

    @staticmethod
    def resolve_cooperative(row: Stall) -> str:
        return row.cooperative.slug


class ProductOut(Schema):
    """A product. Prices are whole Rupiah; `chat` counts the tap and opens WhatsApp ("" where
    neither the stall nor its co-operative can be written to)."""

    key: UUID
    name: str
    description: str
    url: str
    price: int
    price_high: int | None
    price_text: str
    unit: str
    image: str
    chat: str
    commodity: str | None = Field(description="Slug")
    certificates: list[CertificateOut]
    stall: UUID
    market: str
    cooperative: str

    @staticmethod
    def resolve_url(row: Product, context: Context) -> str:
        return absolute(context, row.page_url)

    @staticmethod
    def resolve_price_text(row: Product) -> str:
        return price_text(row)

    @staticmethod
    def resolve_image(row: Product, context: Context) -> str:
        return absolute(context, picture_url(row))

    @staticmethod
    def resolve_chat(row: Product, context: Context) -> str:
        return absolute(context, tap_path(row, "api") if contact_of(row.stall) else "")

    @staticmethod
    def resolve_commodity(row: Product) -> str | None:
        return row.commodity.slug if row.commodity else None

    @staticmethod
    def resolve_certificates(row: Product) -> list[Certificate]:
        return certificates(row)

    @staticmethod
    def resolve_market(row: Product) -> str:
        return row.stall.market_name

    @staticmethod
    def resolve_stall(row: Product) -> UUID:
        return row.stall.key

    @staticmethod
    def resolve_cooperative(row: Product) -> str:
        return row.stall.cooperative.slug
