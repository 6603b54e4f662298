"""Cut-ins as planning takes them."""

from dataclasses import replace
from datetime import datetime
from typing import cast

from cms.channels.cutin.models import CutIn
from cms.channels.models import Channel
from cms.channels.planning import CutIn as Value
from cms.channels.planning import Item, Returns
from media_pipeline.model.ticks import ticks_of

NOTE = "Siaran sela"
"""What the guide says beside it; a channel's texts are in Bahasa Indonesia."""


def recent_cut_ins(channel: Channel, since: datetime) -> list[CutIn]:
    """Return those that cut in after `since`, the first one first."""
    return list(channel.cut_ins.filter(at__gte=ticks_of(since)).order_by("at", "pk"))


def value_of(cut: CutIn, item: Item | None) -> Value:
    """Return a row as planning takes it, with what it plays; None where that may not."""
    return Value(
        id=cut.entry_id,
        at=cut.at,
        item=item and replace(item, kind="programme" if item.kind == "filler" else item.kind),
        returns=cast(Returns, cut.returns),
        end=cut.ended,
        must_carry=cut.must_carry,
        note=NOTE,
    )
