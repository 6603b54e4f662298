"""Every address of the Studio with real things of one stall behind it, for whoever walks them all.

The routes come from the URL conf. One that names something which is not made here has no
address, and whoever walks fails: so a route that is added is walked, or told of here.
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from types import MappingProxyType

from django.urls import URLPattern, reverse

from cms.audience.proofs.actions import do_issue
from cms.audience.proofs.record import documents_of, month_of
from cms.channels.models import Channel, WeeklySlot
from cms.core.models import User
from cms.studio.models import SentPhoto
from cms.studio.urls import urlpatterns
from cms.traders.invitations import do_invite, token_of
from cms.traders.models import Clip, FeaturedSegment, Product
from cms.videos.models import Media, Video
from tests.airings import make_airing
from tests.traders.made import make_certificate, make_consent

DOOR = MappingProxyType(
    {
        "manifest": "what puts the Studio on a home screen",
        "sign_in": "the door",
        "accept": "takes a link by POST",
        "invitation": "a link: 404 unless we gave it out",
    }
)
"""Routes for people who are not signed in, and why."""

SECRET = "rahasia-contoh"
Things = Mapping[str, list[dict[str, object]]]


def routes() -> dict[str, URLPattern]:
    """Every route of the Studio by its name."""
    found = {str(pattern.name): pattern for pattern in urlpatterns}
    assert len(found) == len(urlpatterns), "two routes have one name"
    return found


def addresses(things: Things) -> dict[str, list[str]]:
    """Return the addresses of each route, one for each thing that it may name."""
    found = {}
    for name, pattern in routes().items():
        named = things.get(name, []) if pattern.pattern.converters else [{}]
        assert named, f"tests/studio/routes.py makes nothing that studio:{name} could name"
        found[name] = [reverse(f"studio:{name}", kwargs=kwargs) for kwargs in named]
    return found


def make_things(card: FeaturedSegment, coordinator: User, moment: datetime) -> Things:
    """Make, beside the `card` of a stall, one of everything that the stall may have.

    `moment` is when it was made; `coordinator` is one of the stall's co-operative.
    """
    product = card.product
    photos, film = _clips(product, moment)
    spot, ready = _spot(product, moment, ""), _spot(product, moment, "0" * 32)
    until = moment.date() + timedelta(days=200)
    made = make_certificate(product, until, number="ID00110000123450121 (contoh)")
    certificate = {"key": made.key}
    channel, proof = _aired(card, moment)
    consent = make_consent(product.stall, "contact")
    do_invite(product.stall, coordinator, SECRET, moment)
    clips = [{"key": each.key} for each in (film, photos, spot.clip)]
    segments = [{"key": each.key} for each in (card, spot, ready)]
    return {
        **_same("product product_delete certificate_add", [{"key": product.key}]),
        **_same("certificate certificate_delete", [certificate]),
        **_same("clip clip_state clip_mark clip_retry clip_again clip_delete", clips),
        **_same("segment segment_submit segment_delete", segments),
        "sent_photo": [{"pk": _sent(product.stall.trader, moment).pk}],
        "spot_state": [{"key": spot.key}],
        "stall": [{"key": product.stall.key}],
        "consent_withdraw": [{"pk": consent.pk}],
        "invitation": [{"token": token_of(SECRET)}],
        "proof": [{"number": proof}],
        "proof_issue": [{"key": card.key, "month": f"{moment:%Y-%m}"}],
        "turns_of": [{"channel": channel.slug}],
    }


def _sent(user: User | None, moment: datetime) -> SentPhoto:
    """A photo that waits for its form."""
    row: SentPhoto = SentPhoto.objects.create(user=user, jpeg=b"JPEG", sent_at=moment)
    return row


def _same(names: str, named: list[dict[str, object]]) -> Things:
    return dict.fromkeys(names.split(), named)


def _clips(product: Product, moment: datetime) -> list[Clip]:
    """A clip of photos that could not be made, and one that waits for its film."""
    ways = ((Clip.Source.PHOTOS, Clip.State.FAILED), (Clip.Source.FILM, Clip.State.SENDING))
    return [
        Clip.objects.create(product=product, source=source, state=state, created_at=moment)
        for source, state in ways
    ]


def _spot(product: Product, moment: datetime, publication: str) -> FeaturedSegment:
    """A spot of a clip that was made; without a publication its video could not be encoded."""
    video = Video.objects.create(
        cooperative=product.stall.cooperative,
        title="Klip (contoh)",
        slug=f"klip-contoh-{publication}",
    )
    Media.objects.create(video=video, publication=publication, duration_ms=15_000)
    spot: FeaturedSegment = FeaturedSegment.objects.create(
        product=product, video=video, begin=0, end=15, kind=FeaturedSegment.Kind.SPOT
    )
    Clip.objects.create(
        product=product,
        source=Clip.Source.PHOTOS,
        state=Clip.State.MADE,
        created_at=moment,
        segment=spot,
    )
    return spot


def _aired(card: FeaturedSegment, moment: datetime) -> tuple[Channel, str]:
    """A fair channel of the market on which `card` aired; return it and the number of the proof."""
    cooperative = card.product.stall.cooperative
    channel = Channel.objects.create(
        cooperative=cooperative, name="Giliran (contoh)", slug="giliran-contoh"
    )
    WeeklySlot.objects.create(
        channel=channel, content="fair", seconds=60, weekdays=[0], clock=time(15)
    )
    make_airing(channel, card, moment.replace(day=1, hour=3), "aired")
    period = month_of(f"{moment:%Y-%m}", cooperative.zone, moment)
    assert period is not None
    document = documents_of([card], period, cooperative.zone, moment)[card.pk]
    return channel, do_issue(card, document, None, moment).number
