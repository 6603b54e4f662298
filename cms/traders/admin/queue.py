"""The coordinator's queue: what waits, what is checked, and the decision on one segment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from cms.cooperatives.access import Role, cooperatives_for, may
from cms.core import clock
from cms.core.models import User
from cms.core.phone import wa_link
from cms.traders.actions import (
    do_accept_change,
    do_approve_segment,
    do_decline_segment,
    do_list_product,
    do_refuse_segment,
    local_day,
)
from cms.traders.certificates import Ending, endings
from cms.traders.certifying import do_check_certificates
from cms.traders.consents import WORDINGS, do_record_consent
from cms.traders.fitness import Lack, Point, air_days, lacking, promises
from cms.traders.links import Contact, contact_of
from cms.traders.models import DECIDERS, Certificate, Consent, FeaturedSegment, Product, Stall

State = FeaturedSegment.State
MOST = 100
"""Segments on one page; the oldest wait first."""
TICKS: dict[Point, Any] = {
    Point.CERTIFICATE: gettext_lazy("Nomor dan foto sertifikat cocok."),
    Point.NUMBER: gettext_lazy("Nomornya sudah saya coba, dan benar milik pedagang ini."),
    Point.CLAIM: gettext_lazy("Buktinya sudah saya lihat."),
    Point.CONSENT: gettext_lazy("Pedagang setuju, saya mendengarnya sendiri."),
}
"""What a coordinator answers for, where a machine cannot tell."""


@dataclass(frozen=True)
class Checked:
    """One line of the list: a point and what is lacking in it."""

    point: Point
    lacks: list[Lack]
    is_about_nothing: bool = False
    """Whether the product has nothing that this point looks at."""

    @property
    def forbids(self) -> bool:
        return any(lack.forbids for lack in self.lacks)


class DecisionForm(forms.Form):
    """A sentence to the trader, and a tick for each point that a person has to judge."""

    reason = forms.CharField(
        label=gettext_lazy("Kalimat untuk pedagang"),
        help_text=gettext_lazy("Perlu diisi bila segmen tidak disetujui."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, judged: Iterable[Point], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.judged = list(judged)
        for point in self.judged:
            self.fields[point.value] = forms.BooleanField(label=TICKS[point], required=False)

    def answered(self) -> bool:
        """Return whether all is ticked; say at each tick that is missing what to do."""
        open_ones = [point for point in self.judged if not self.cleaned_data[point.value]]
        for point in open_ones:
            self.add_error(point.value, _("Periksa dulu, lalu centang."))
        return not open_ones

    def ticks(self) -> list[forms.BoundField]:
        return [self[point.value] for point in self.judged]

    def note(self) -> str:
        """Return what the coordinator answers for, as the workflow keeps it."""
        return " ".join(str(TICKS[point]) for point in self.judged)


class QueueView(View):
    """All segments that wait, each with its list; and certificates that need a look."""

    decide_url_name: ClassVar[str] = ""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not cooperatives_for(request.user, *DECIDERS).exists():
            raise PermissionDenied
        moment = clock.now()
        own = FeaturedSegment.objects.visible_to(request.user, *DECIDERS)
        waiting = _whole(own.filter(state=State.SUBMITTED).order_by("submitted_at", "pk")[:MOST])
        waiting = waiting.prefetch_related("product__stall__consents")
        context = {
            "rows": [(segment, checklist(segment, moment)) for segment in waiting],
            "new_stalls": waiting_stalls(request.user).select_related("cooperative")[:MOST],
            "new_products": _unlisted(request.user, moment),
            "verify_url_name": Stall.snippet_viewset.get_url_name("verify"),  # type: ignore[attr-defined]
            "edit_url_name": Product.snippet_viewset.get_url_name("edit"),  # type: ignore[attr-defined]
            "endings": certificates_near_end(request.user, moment),
            "unchecked": _unchecked(request.user),
            "changed": list(_whole(own.filter(state=State.APPROVED).exclude(card_name="")[:MOST])),
            "decide_url_name": self.decide_url_name,
        }
        return render(request, "traders/admin/queue.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        """List a product that was looked at."""
        products = Product.objects.visible_to(request.user, *DECIDERS).select_related("stall")
        try:
            key = UUID(request.POST.get("product", ""))
        except ValueError as wrong:
            raise Http404 from wrong
        product = get_object_or_404(products, key=key)
        assert isinstance(request.user, User)
        do_list_product(product, request.user)
        messages.success(request, _("%(name)s sekarang tampil di pasar.") % {"name": product.name})
        return redirect(request.path)


class DecideSegmentView(View):
    """The list of one segment, and what its coordinator says to it."""

    index_url_name: ClassVar[str] = ""

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        segment = self._segment(request, pk)
        checks = checklist(segment, clock.now())
        return self._page(request, segment, DecisionForm(judged=judged_in(checks)), checks)

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        segment, moment = self._segment(request, pk), clock.now()
        checks = checklist(segment, moment)
        form = DecisionForm(request.POST, judged=judged_in(checks))
        try:
            message = self._decide(request, segment, form, moment) if form.is_valid() else None
        except ValidationError as error:
            form.add_error("reason", error.messages)
            message = None
        if message is None:
            return self._page(request, segment, form, checks)
        messages.success(request, message)
        return redirect(self.index_url_name)

    def _segment(self, request: HttpRequest, pk: str) -> FeaturedSegment:
        segment: FeaturedSegment = get_object_or_404(_whole(FeaturedSegment.objects.all()), pk=pk)
        if not may(request.user, segment.product.stall.cooperative, *DECIDERS):
            raise PermissionDenied
        return segment

    def _decide(
        self, request: HttpRequest, segment: FeaturedSegment, form: DecisionForm, moment: datetime
    ) -> str | None:
        """Carry out the button that was pressed; None where the page is to be shown again."""
        user, reason = request.user, form.cleaned_data["reason"]
        assert isinstance(user, User)
        match request.POST.get("decision"):
            case "approve":
                if not (form.answered() and self._is_meant(request, segment, form)):
                    return None
                moved = _approve(segment, user, form, moment)
                done = _("Segmen disetujui.")
            case "decline":
                moved = do_decline_segment(segment, user, reason, moment)
                done = _("Segmen ditolak.")
            case "certificates":
                moved = bool(do_check_certificates(segment.product, user, moment))
                done = _("Sertifikat ditandai sudah diperiksa.")
            case _:
                moved = do_refuse_segment(segment, user, reason, moment)
                done = _("Segmen dikembalikan kepada pedagang.")
        return done if moved else _("Segmen ini sudah diputuskan.")

    def _is_meant(self, request: HttpRequest, segment: FeaturedSegment, form: DecisionForm) -> bool:
        """Return whether all that was looked at is approved, and nothing else was wanted."""
        seen = seen_of(segment)
        if request.POST.get("seen", seen) != seen:
            sentence = _("Segmen ini baru saja diubah. Lihat sekali lagi, lalu putuskan.")
        elif form.cleaned_data["reason"]:
            # Enter in this line presses the first button, which approves.
            sentence = _(
                "Kalimat ini untuk segmen yang tidak disetujui. Kosongkan, atau minta perbaikan."
            )
        else:
            return True
        form.add_error("reason", sentence)
        return False

    def _page(
        self,
        request: HttpRequest,
        segment: FeaturedSegment,
        form: DecisionForm,
        checks: list[Checked],
    ) -> HttpResponse:
        context = {
            "row": segment,
            "form": form,
            "seen": seen_of(segment),
            "checks": checks,
            "forbidden": any(each.forbids for each in checks),
            "test_chat": _test_chat(segment),
            "unchecked": [c for c in segment.product.certificates.all() if c.checked_at is None],
            "index_url_name": self.index_url_name,
        }
        return render(request, "traders/admin/decide_segment.html", context)


class WorkflowActionView(View):
    """Where Wagtail's own panel sends who presses its button: to the list of that segment."""

    decide_url_name: ClassVar[str] = ""

    def post(self, _request: HttpRequest, pk: str, **_rest: Any) -> HttpResponse:
        return redirect(self.decide_url_name, pk)

    get = post


@transaction.atomic
def _approve(segment: FeaturedSegment, user: User, form: DecisionForm, moment: datetime) -> bool:
    """Approve, or accept a change, and log the consent that a coordinator heard the trader give."""
    if segment.card_name:
        moved = do_accept_change(segment, user, moment)
    else:
        moved = do_approve_segment(segment, user, moment, form.note())
    stall = segment.product.stall
    if moved and Point.CONSENT in form.judged and may(user, stall.cooperative, Role.COORDINATOR):
        kind, way = Consent.Kind.PICTURE, Consent.Way.SPOKEN
        do_record_consent(stall, kind, way, WORDINGS[kind], moment, user)
    return moved


def checklist(segment: FeaturedSegment, moment: datetime) -> list[Checked]:
    """Return every point that is checked, with what `segment` lacks in it now."""
    days = air_days(segment, local_day(segment.product.stall, moment))
    lacks = lacking(segment, *days)
    has_papers = segment.product.certificates.exists()
    return [
        Checked(
            point,
            [each for each in lacks if each.point == point],
            is_about_nothing=point == Point.CERTIFICATE and not has_papers,
        )
        for point in Point
    ]


def seen_of(segment: FeaturedSegment) -> str:
    """Return what stands for all that a coordinator sees of `segment`: another once it changes."""
    product, stall = segment.product, segment.product.stall
    photos = [photo.image_id for photo in product.photos.all()]
    papers = [(c.kind, c.number, c.expires_on, c.image_id) for c in product.certificates.all()]
    card = (product.name, product.description, product.price, product.price_high, product.unit)
    place = (segment.video_id, segment.begin, segment.end, segment.starts_on, segment.ends_on)
    regions = sorted(region.pk for region in segment.regions.all())
    seller = (stall.pk, stall.name, stall.place, stall.whatsapp)
    pictures = (product.image_id, photos, papers)
    told = (card, product.shop_url, pictures, place, regions, seller, segment.label)
    return sha256(repr(told).encode()).hexdigest()


class Unlisted(NamedTuple):
    """A product that waits to be listed, and what it promises that needs a proof."""

    product: Product
    lacks: list[Lack]


def waiting_stalls(user: Any) -> QuerySet[Stall]:
    """Return the stalls that wait for their first check by `user`, the oldest first."""
    return _waiting(Stall.objects.visible_to(user, *DECIDERS))


def waiting_products(user: Any) -> QuerySet[Product]:
    """Return the products that wait for their first check by `user`, the oldest first."""
    return _waiting(Product.objects.visible_to(user, *DECIDERS))


def _waiting[Rows: QuerySet[Any]](rows: Rows) -> Rows:
    active = rows.filter(active=True).exclude(waiting_since=None)
    return active.order_by("waiting_since", "pk")


def _unlisted(user: Any, moment: datetime) -> list[Unlisted]:
    rows = waiting_products(user).select_related("stall__cooperative", "image")
    rows = rows.prefetch_related("photos__image", "certificates")[:MOST]
    return [Unlisted(row, promises(row, local_day(row.stall, moment))) for row in rows]


def judged_in(checks: Iterable[Checked]) -> list[Point]:
    """Return the points that a person has to judge before the segment airs."""
    return [each.point for each in checks if each.lacks and not each.forbids]


def certificates_near_end(user: Any, moment: datetime) -> list[Ending]:
    """Return what ends soon, or has ended, of the stalls that `user` vouches for."""
    products = Product.objects.visible_to(user, *DECIDERS)
    # The day of the first market: a notice of two weeks does not hang on two hours.
    return endings(products, moment.date())


def decide_path(segment: FeaturedSegment) -> str:
    """Return the address of the page on which `segment` is decided."""
    viewset = FeaturedSegment.snippet_viewset  # type: ignore[attr-defined]
    return reverse(viewset.get_url_name("decide"), args=[segment.pk])


def _unchecked(user: Any) -> list[FeaturedSegment]:
    """Return approved segments whose product has a certificate that nobody checked yet."""
    own = FeaturedSegment.objects.visible_to(user, *DECIDERS).filter(state=State.APPROVED)
    waiting = own.filter(product__certificates__checked_at=None).exclude(product__certificates=None)
    return list(_whole(waiting.distinct()[:MOST]))


def _whole(segments: Any) -> Any:
    certificates = Prefetch("product__certificates", Certificate.objects.select_related("image"))
    return segments.select_related(
        "product__stall__cooperative", "product__image", "product__commodity", "video__media"
    ).prefetch_related(certificates, "product__photos__image")


def _test_chat(segment: FeaturedSegment) -> str:
    """Return the chat in which the coordinator tries the number that buyers would reach."""
    contact: Contact | None = contact_of(segment.product.stall)
    if contact is None:
        return ""
    text = f"Halo {contact.name}, ini pengurus. Saya mencoba nomor untuk {segment.product.name}."
    return wa_link(contact.number, text)
