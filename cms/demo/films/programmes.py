"""Every film by its key, with the size in which it is made."""

from functools import partial

from cms.demo.films import bulletins, journeys, kitchen, lessons, promos, sound
from cms.demo.films.recorder import Film

FILMS: dict[str, Film] = {
    film.key: film
    for film in (
        Film("jeda", 854, 480, sound.JEDA, journeys.jeda),
        Film("pagi", 854, 480, sound.PAGI, bulletins.pagi),
        Film("harga", 854, 480, sound.ANGKA, bulletins.harga),
        Film("tempe", 854, 480, sound.DAPUR, kitchen.tempe),
        Film("neraca", 854, 480, sound.KELAS, lessons.neraca),
        Film("rempah", 1280, 720, sound.JALAN, journeys.rempah),
        Film("kemasan", 854, 480, sound.PAGI, lessons.kemasan),
        Film("ikan", 854, 480, sound.DAPUR, lessons.ikan),
        Film("timur", 854, 480, sound.JALAN, journeys.timur),
        Film("lapak", 480, 854, sound.DAPUR, journeys.lapak),
        Film("promo-cabai", 854, 480, sound.PROMO, partial(promos.promo, offer=promos.CABAI_OFFER)),
        Film("promo-tempe", 854, 480, sound.PROMO, partial(promos.promo, offer=promos.TEMPE_OFFER)),
        Film("promo-ikan", 854, 480, sound.PROMO, partial(promos.promo, offer=promos.IKAN_OFFER)),
        Film(
            "promo-sambal", 854, 480, sound.PROMO, partial(promos.promo, offer=promos.SAMBAL_OFFER)
        ),
    )
}
