"""The commodities that most markets deal in, to begin with; people of the apex add to them."""

from django.db.models import Q
from django.utils.text import slugify

from cms.traders.models import Commodity

COMMON = {
    "Ayam": "daging ayam, ayam potong, ayam kampung",
    "Bawang": "brambang, bawang merah, bawang putih, bawang bombai",
    "Batik": "kain batik, batik tulis, batik cap",
    "Beras": "padi, beras medium, beras premium, beras merah, ketan",
    "Buah": "pisang, jeruk, mangga, semangka, pepaya",
    "Bumbu": "rempah, bumbu giling, kunyit, jahe, pala, cengkih, lada, merica",
    "Cabai": "cabe, cabé, lombok, rawit",
    "Daging": "sapi, daging sapi, kambing",
    "Gula": "gula pasir, gula aren, gula jawa, gula merah",
    "Ikan": "iwak, kembung, tongkol, cakalang, lele, bandeng, udang, cumi",
    "Jamu": "empon-empon, beras kencur",
    "Kelapa": "santan, kelapa parut",
    "Kerajinan": "anyaman, gerabah, ukiran, suvenir",
    "Kopi dan teh": "kopi, teh, kopi bubuk",
    "Kue": "jajanan, jajan pasar, kue basah, roti",
    "Minyak goreng": "minyak, minyak kelapa",
    "Pakaian": "baju, busana, sarung, kaus, kerudung, jilbab",
    "Sagu": "tepung sagu, sagu lempeng, papeda",
    "Sambal": "sambel, saus",
    "Sayur": "sayuran, sayur-mayur, bayam, kangkung, kol, wortel, tomat, kentang",
    "Sepatu dan sandal": "sepatu, sandal, alas kaki, selop",
    "Tahu dan tempe": "tahu, tempe, témpé, kedelai",
    "Telur": "telor, telur ayam, telur bebek, telur asin, telur puyuh",
    "Tepung": "terigu, tapioka, maizena",
}
"""Name, and what else buyers call it or what of it they ask for."""


def do_add_common() -> int:
    """Add the common commodities that are missing; return how many were."""
    made = 0
    for name, other_names in COMMON.items():
        slug = slugify(name)
        if not Commodity.objects.filter(Q(name=name) | Q(slug=slug)).exists():
            Commodity.objects.create(name=name, slug=slug, other_names=other_names)
            made += 1
    return made
