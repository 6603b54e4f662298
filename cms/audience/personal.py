"""What this room holds of a trader: told to them, or forgotten. Of who tapped it knows nothing."""

from datetime import UTC
from typing import Any

from django.db.models import Sum
from django.db.models.functions import TruncDate

from cms.audience.models import TapCount
from cms.audience.proofs.actions import do_forget_names
from cms.audience.proofs.models import Proof
from cms.core.models import User
from cms.traders.personal.doors import Leaving


def tell_taps(user: User) -> list[dict[str, Any]]:
    """Return how many chats were opened on each product of `user`, by day (UTC)."""
    rows = TapCount.objects.filter(product__stall__trader=user).annotate(
        day=TruncDate("minute", tzinfo=UTC)
    )
    by_day = rows.values("product__key", "day").annotate(sum=Sum("taps")).order_by("day")
    return [
        {"product": row["product__key"], "day": row["day"], "taps": row["sum"]} for row in by_day
    ]


def tell_proofs(user: User) -> list[dict[str, Any]]:
    """Return the proofs that were issued to `user`, whole."""
    names = ("number", "first", "last", "issued_at", "facts", "names")
    return list(Proof.objects.filter(stall__trader=user).order_by("pk").values(*names))


def do_forget_owner(leaving: Leaving) -> None:
    """Take a trader's names out of issued proofs; number, figures and seal stay."""
    do_forget_names(leaving.stalls)
