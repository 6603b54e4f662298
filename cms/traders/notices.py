"""Letters about certificates that end: once for each, NOTICE before its last day.

Who has no address reads the same in the Studio and on the first page of the CMS.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from cms.cooperatives.models import Membership
from cms.core.formats import tanggal
from cms.traders.certificates import Ending, endings
from cms.traders.models import Certificate, Product


@transaction.atomic
def do_tell_endings(now: datetime) -> int:
    """Write to traders and coordinators of certificates nobody was told of; return how many.

    Each is claimed by a conditional UPDATE, so that two workers write one letter.
    """
    letters: dict[str, list[Ending]] = defaultdict(list)
    told = 0
    for ending in endings(Product.objects.all(), now.date()):
        untold = Certificate.objects.filter(pk=ending.certificate.pk, told_at=None)
        if untold.update(told_at=now):
            told += 1
            for address in _addresses(ending.certificate):
                letters[address].append(ending)
    for address, found in letters.items():
        _send(address, found)
    return told


def _addresses(certificate: Certificate) -> Iterator[str]:
    """Yield where the trader and the market's own coordinators read their mail, each once."""
    stall = certificate.product.stall
    people = [stall.trader] if stall.trader else []
    role = Membership.Role.COORDINATOR
    held = Membership.objects.filter(cooperative=stall.cooperative, role=role)
    people += [each.user for each in held.select_related("user")]
    yield from sorted({each.email for each in people if each.email and each.is_active})


def _send(address: str, found: list[Ending]) -> None:
    # A trader's own language is not known here; Siar writes Indonesian first.
    with override("id"):
        lines = [_line(each.certificate) for each in found]
        text = _("Sertifikat ini habis. Tanpa yang baru, segmennya tidak tayang.")
        body = "\n\n".join([text, "\n".join(lines), settings.WAGTAILADMIN_BASE_URL])
        send_mail(_("Sertifikat segera habis"), body, None, [address])


def _line(certificate: Certificate) -> str:
    return _("%(product)s, %(stall)s: %(certificate)s berlaku sampai %(date)s") % {
        "product": certificate.product.name,
        "stall": certificate.product.stall.name,
        "certificate": certificate,
        "date": tanggal(certificate.expires_on),
    }
