"""From a product to a chat: our own counted address, and the message that opens WhatsApp."""

import re
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import override

from cms.core.formats import rupiah
from cms.core.phone import wa_link
from cms.traders.models import FeaturedSegment, Product, Stall
from cms.traders.shops import is_shop_address
from cms.videos.models import Video


class Contact(NamedTuple):
    """Whom a buyer writes to: an E.164 number and the name in the greeting.

    `through_office` is whether the Koppas answers in place of the stall.
    """

    number: str
    name: str
    through_office: bool = False


def tap_path(product: Product, place: str, segment: FeaturedSegment | None = None) -> str:
    """Return the path that counts a tap made at `place`, then opens the chat.

    `segment` is the one whose card was tapped: it counts for that, too.

    It starts at the root of the site: in a playlist a player resolves it against
    the playlist's own address (RFC 8216, 4.1).
    """
    of = f"&s={segment.key.hex}" if segment else ""
    return f"/chat/{product.key}/?di={place}{of}"


def clip_path(product: Product, segment: UUID) -> str:
    """Return the path that the QR of a made clip leads to: it counts for the clip's segment, on air.

    One short name for both: each module of the code is larger for it.
    """
    return f"/chat/{product.key}/?k={segment.hex}"


def shop_path(product: Product, place: str) -> str:
    """Return the path that counts a tap made at `place`, then opens the product's own shop."""
    return f"/chat/{product.key}/toko/?di={place}" if shop_link(product) else ""


def qr_path(product: Product, place: str) -> str:
    """Return the path of a picture that leads a phone before a large screen to the chat."""
    return f"/chat/{product.key}/qr.svg?di={place}"


def shop_link(product: Product) -> str:
    """The address of the product's own shop, "" unless it is one that we may send people to.

    It is checked each time: a row may be older than the rule. One that has the number in it
    ("https://wa.me/62…") is none while the stall hides its number.
    """
    stall, address = product.stall, product.shop_url
    tells = (
        stall.hide_number and stall.whatsapp and stall.whatsapp[3:] in re.sub(r"\D", "", address)
    )
    return address if is_shop_address(address) and not tells else ""


def video_place(video: Video) -> str:
    """The place of a tap on a card inside `video`."""
    return f"video-{video.key.hex}"


def price_text(product: Product) -> str:
    """Return "Rp18.500", or "Rp62.000–68.000" where the price is a range."""
    low = rupiah(product.price)
    if product.price_high is None:
        return low
    return f"{low}–{rupiah(product.price_high).removeprefix('Rp')}"


def contact_of(stall: Stall) -> Contact | None:
    """Whom to write to about `stall`; None where neither it nor its Koppas shows a number."""
    if stall.whatsapp and not stall.hide_number:
        return Contact(stall.whatsapp, stall.name)
    if stall.cooperative.whatsapp:
        return Contact(stall.cooperative.whatsapp, stall.cooperative.name, through_office=True)
    return None


def chat_link(product: Product, contact: Contact, seen: str) -> str:
    """Return the wa.me address with the buyer's first message.

    `seen` says where the product was seen ("acara “Dapur Pasar” di Siar"). The
    message is for the trader to read, so it is Indonesian in every interface language.
    """
    with override("id"):
        what = f"{product.name} ({price_text(product)}/{product.unit})"
    if contact.through_office:
        what = f"{what} dari {product.stall.name}"
    text = f"Halo {contact.name}, saya melihat {what} di {seen}. Apakah masih ada?"
    return wa_link(contact.number, text)
