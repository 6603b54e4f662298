"""What this room tells a trader of themselves, and forgets of one who leaves."""

from datetime import datetime

import pytest

from cms.audience.models import TapCount
from cms.audience.proofs.models import Proof
from cms.traders.models import FeaturedSegment
from cms.traders.personal.copy import record_of
from cms.traders.personal.erasing import do_erase

NAMES = {"stall": "Lapak Bumbu (contoh)", "place": "Blok A-12", "product": "Sambal bawang"}


@pytest.fixture
def proof(segment_a: FeaturedSegment, now: datetime) -> Proof:
    """A proof of the sambal's card."""
    stall = segment_a.product.stall
    return Proof.objects.create(
        number="BT-1",
        code="ABCDEFGHJKLM",
        cooperative=stall.cooperative,
        stall=stall,
        segment=segment_a,
        first=now.date(),
        last=now.date(),
        issued_at=now,
        facts={"segment": segment_a.key.hex},
        names=NAMES,
        salt="0" * 32,
        seal="0" * 64,
    )


def test_a_trader_is_told_taps_and_proofs(proof: Proof, trader_a, sambal, tempe, now: datetime):
    for product in (sambal, tempe):
        TapCount.objects.create(product=product, minute=now, place="lapak", taps=3)
    record = record_of(trader_a, now)
    assert record["taps"] == [{"product": sambal.key, "day": now.date(), "taps": 3}]
    [told] = record["proofs"]
    assert (told["number"], told["names"]) == ("BT-1", NAMES)


def test_proofs_of_who_leaves_keep_figures_and_lose_names(proof: Proof, trader_a, now: datetime):
    do_erase(trader_a, now)
    proof.refresh_from_db()
    assert (proof.names, proof.salt, proof.stall, proof.segment) == (None, "", None, None)
    assert (proof.number, proof.seal) == ("BT-1", "0" * 64)
