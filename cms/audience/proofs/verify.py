"""The page on which anybody compares a proof on paper with what was issued, and with the record.

Who has the code has the paper: no more is asked of them. A number alone opens nothing, and
what is not a code gets the same answer whether or not there is such a number.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cms.audience.devices import Devices
from cms.audience.proofs import codes
from cms.audience.proofs.actions import is_unaltered
from cms.audience.proofs.compare import comparison, only_more, sentences
from cms.audience.proofs.document import same_record
from cms.audience.proofs.handing import page_of, pdf_answer, picture_answer
from cms.audience.proofs.models import Proof
from cms.audience.proofs.record import is_kept, read_again
from cms.audience.views import wait
from cms.core import clock
from cms.core.visitors import address, network_of

GUESSES = 60
"""Requests of one address a minute; many phones of a market stand behind one."""

guesses = Devices(rate=GUESSES)


@never_cache
@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for the code on the paper."""
    typed = request.GET.get("kode", "").strip()[:60]
    if code := codes.read(typed):
        return redirect("proofs:show", code=codes.shown(code))
    return _unknown(request, typed) if typed else render(request, "audience/proofs/ask.html")


@never_cache
@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    """What was issued under `code`, beside what the record says now."""
    proof = _found(request, code)
    if isinstance(proof, HttpResponse):
        return proof
    answer = render(request, "audience/proofs/proof.html", _context(request, proof))
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


@never_cache
@require_safe
def pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The page of A4."""
    proof = _found(request, code)
    if isinstance(proof, HttpResponse):
        return proof
    return pdf_answer([proof], proof.number, request)


@never_cache
@require_safe
def picture(request: HttpRequest, code: str) -> HttpResponse:
    """The picture for a chat."""
    proof = _found(request, code)
    return proof if isinstance(proof, HttpResponse) else picture_answer(proof, request)


def _found(request: HttpRequest, text: str) -> Proof | HttpResponse:
    if guesses.is_too_fast((network_of(address(request)),), clock.now()):
        return wait(request)
    code = codes.read(text)
    proof = Proof.objects.filter(code=code).first() if code else None
    return proof or _unknown(request, text)


def _unknown(request: HttpRequest, text: str) -> HttpResponse:
    is_code = bool(codes.read(text))
    context = {"typed": text[:60], "is_code": is_code}
    return render(request, "audience/proofs/unknown.html", context, status=404)


def _context(request: HttpRequest, proof: Proof) -> dict[str, Any]:
    document = proof.document
    kept = is_kept(document, clock.now())
    today = read_again(document, proof.issued_at) if kept else document
    return page_of(proof, request) | {
        "unaltered": is_unaltered(proof),
        "kept": kept,
        "same": same_record(document, today),
        "comparison": comparison(document, today),
        "only_more": only_more(document, today),
        "sentences": list(sentences(document, today)),
    }
