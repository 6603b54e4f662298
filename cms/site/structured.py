"""Structured data (schema.org) for search engines."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from cms.channels.guide import Programme
from cms.channels.models import Channel
from cms.cooperatives.models import Cooperative
from cms.traders.cards import picture_url
from cms.traders.models import Certificate, Product, Stall
from cms.traders.tiles import ProductCard
from cms.videos.covers import cover_url
from cms.videos.models import Video

Data = dict[str, Any]
SCHEMA = "https://schema.org"
LISTED = 4
"""Broadcasts that a page of the guide names."""


def duration(milliseconds: int) -> str:
    """Return an ISO 8601 duration: PT12M40S."""
    minutes, seconds = divmod(round(milliseconds / 1000), 60)
    return f"PT{minutes}M{seconds}S" if minutes else f"PT{seconds}S"


def organisation(cooperative: Cooperative) -> Data:
    """Return who publishes."""
    return {"@type": "Organization", "name": cooperative.name}


def breadcrumbs(request: HttpRequest, *steps: tuple[str, str]) -> Data:
    """Return the way to a page: (name, path) of each step."""
    return {
        "@context": SCHEMA,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": name,
                "item": request.build_absolute_uri(path),
            }
            for position, (name, path) in enumerate(steps, start=1)
        ],
    }


def video_object(request: HttpRequest, video: Video) -> Data:
    """Return a video; the playlist is its content."""
    published: datetime | None = video.first_published_at
    cover = cover_url(video)
    data: Data = {
        "@context": SCHEMA,
        "@type": "VideoObject",
        "name": video.title,
        "description": video.description or video.title,
        "duration": duration(video.media.duration_ms),
        "inLanguage": video.language,
        "contentUrl": request.build_absolute_uri(video.media.playlist_url),
        "embedUrl": request.build_absolute_uri(f"/embed{video.page_url}"),
        "publisher": organisation(video.cooperative),
    }
    if published:
        data["uploadDate"] = published.isoformat()
    if cover:
        data["thumbnailUrl"] = [request.build_absolute_uri(cover)]
    chapters = list(video.chapters.order_by("start_ms"))
    if chapters:
        data["hasPart"] = _clips(request, video, [(c.start_ms / 1000, c.title) for c in chapters])
    return data


def _clips(request: HttpRequest, video: Video, starts: list[tuple[float, str]]) -> list[Data]:
    page = request.build_absolute_uri(video.page_url)
    ends = [*(start for start, _ in starts[1:]), video.media.duration_ms / 1000]
    return [
        {
            "@type": "Clip",
            "name": title,
            "startOffset": round(start),
            "endOffset": round(end),
            "url": f"{page}#t={round(start)}",
        }
        for (start, title), end in zip(starts, ends, strict=True)
    ]


def broadcast(request: HttpRequest, channel: Channel, programme: Programme | None) -> Data:
    """Return what a channel sends at this moment."""
    service = {
        "@type": "BroadcastService",
        "name": channel.name,
        "broadcaster": organisation(channel.cooperative),
    }
    data: Data = {
        "@context": SCHEMA,
        "@type": "BroadcastEvent",
        "name": programme.title if programme else channel.name,
        "isLiveBroadcast": True,
        "publishedOn": service,
        "url": request.build_absolute_uri(f"/live/{channel.slug}/"),
    }
    if programme:
        data |= {
            "startDate": programme.start.isoformat(),
            "endDate": programme.end.isoformat(),
        }
    return data


def broadcasts(
    request: HttpRequest, channel: Channel, programmes: Iterable[Programme]
) -> list[Data]:
    """Return the first of `programmes` that are more than fillers: a page has a budget."""
    listed = (p for p in programmes if p.kind != "filler")
    return [broadcast(request, channel, programme) for programme in islice(listed, LISTED)]


def product(
    request: HttpRequest,
    row: Product,
    card: ProductCard,
    certificates: Iterable[Certificate] = (),
    picture: str = "",
) -> Data:
    """Return a product, what the trader says that it costs, and what it is certified for."""
    offer: Data = {"priceCurrency": "IDR", "seller": business(request, row.stall)}
    if row.price_high:
        offer |= {"@type": "AggregateOffer", "lowPrice": row.price, "highPrice": row.price_high}
    else:
        offer |= {"@type": "Offer", "price": row.price}
    data: Data = {
        "@context": SCHEMA,
        "@type": "Product",
        "name": row.name,
        "url": request.build_absolute_uri(card.url),
        "offers": offer,
    }
    if row.description:
        data["description"] = row.description
    if row.commodity:
        data["category"] = row.commodity.name
    if certified := [_certification(each) for each in certificates]:
        data["hasCertification"] = certified
    if image := picture or picture_url(row):
        data["image"] = request.build_absolute_uri(image)
    return data


def _certification(certificate: Certificate) -> Data:
    return {
        "@type": "Certification",
        "name": certificate.get_kind_display(),
        "certificationIdentification": certificate.number,
        "expires": certificate.expires_on.isoformat(),
    }


def business(request: HttpRequest, stall: Stall, picture: str = "") -> Data:
    """Return a stall. Its number is left out: it is shown, never listed for machines."""
    data: Data = {
        "@type": "LocalBusiness",
        "name": stall.name,
        "url": request.build_absolute_uri(stall.page_url),
        "address": _address(stall.place, stall.cooperative),
        "memberOf": organisation(stall.cooperative),
    }
    if picture:
        data["image"] = request.build_absolute_uri(picture)
    return data


def marketplace(request: HttpRequest, cooperative: Cooperative) -> Data:
    """Return a market, run by its co-operative."""
    return {
        "@context": SCHEMA,
        "@type": "LocalBusiness",
        "name": cooperative.market_name,
        "url": request.build_absolute_uri(reverse("cooperative", args=[cooperative.slug])),
        "address": _address(cooperative.market, cooperative),
        "parentOrganization": organisation(cooperative),
    }


def _address(street: str, cooperative: Cooperative) -> Data:
    data: Data = {
        "@type": "PostalAddress",
        "streetAddress": street,
        "addressLocality": cooperative.city,
        "addressCountry": "ID",
    }
    if cooperative.region:
        data["addressRegion"] = cooperative.region.name
    return data
