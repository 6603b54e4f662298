"""Proofs as files to be kept, printed and sent on."""

from collections.abc import Iterable
from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cms.audience.proofs.document import sums_of
from cms.audience.proofs.drawing import Issued, pdf_of, picture_of
from cms.audience.proofs.models import Proof
from cms.audience.proofs.words import account, cells_of, equation, facts_of, source


def issued(proof: Proof, request: HttpRequest) -> Issued:
    """Return `proof` as it is drawn, with the address at which `request` reaches us."""
    return Issued(
        number=proof.number,
        code=proof.shown_code,
        url=request.build_absolute_uri(proof.path),
        issued_at=proof.issued_at,
        document=proof.document,
        people=proof.people,
    )


def pdf_answer(proofs: Iterable[Proof], name: str, request: HttpRequest) -> HttpResponse:
    """Return a PDF with a page for each of `proofs`."""
    drawn = [issued(proof, request) for proof in proofs]
    data = pdf_of(drawn, f"{_('Bukti Tayang')} {name}")
    return _file(data, "application/pdf", f"{name}.pdf")


def picture_answer(proof: Proof, request: HttpRequest) -> HttpResponse:
    """Return the picture of `proof`."""
    return _file(picture_of(issued(proof, request)), "image/png", f"{proof.number}.png")


def page_of(proof: Proof, request: HttpRequest) -> dict[str, Any]:
    """Return what `audience/proofs/paper.html` shows: all of the paper, and every airing."""
    document, url = proof.document, request.build_absolute_uri(proof.path)
    return {
        "proof": proof,
        "document": document,
        "facts": facts_of(document, proof.people),
        "equation": equation(sums_of(document.lines)),
        "account": account(document),
        "rows": cells_of(document, "airing"),
        "source": source(document),
        "qr": segno.make(url, error="m", micro=False).svg_data_uri(border=0, scale=4),
        "url": url,
        "title": _("Bukti Tayang %(number)s") % {"number": proof.number},
    }


def _file(data: bytes, kind: str, name: str) -> HttpResponse:
    disposition = f'inline; filename="{name}"'
    headers = {"Content-Disposition": disposition, "X-Robots-Tag": "noindex"}
    return HttpResponse(data, content_type=kind, headers=headers)
