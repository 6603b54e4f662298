"""Why a featured segment was not on air, or not all of it, in words for traders."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REASONS: dict[str, str | Promise] = {
    "azan": _("Waktunya dipakai azan."),
    "cut_in": _("Ada siaran sela yang mendesak."),
    "carried": _("Ada siaran dari pusat yang wajib ditayangkan."),
    "taken_down": _("Videonya diturunkan."),
    "withdrawn": _("Videonya ditarik dari siaran."),
    "card": _("Segmennya dikeluarkan dari acaranya."),
    "edited": _("Redaksi mengubah susunan acara."),
    "unreadable": _("Videonya tidak dapat dibaca."),
    "other": _("Susunan acara yang lama masih tayang."),
    "off_air": _("Saluran tidak mengudara."),
}

TAKEN_BACK = _("Segmen ditarik oleh pedagangnya.")


def reason_of(why: str, *, taken_back: bool = False) -> str:
    """Return the sentence for a cause of as-run in the language of the moment; "" for none."""
    return str(TAKEN_BACK if taken_back else REASONS.get(why, ""))
