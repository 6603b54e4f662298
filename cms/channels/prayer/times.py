"""Prayer times as the Ministry of Religion publishes them. Pure: place and date are arguments.

Subuh at 20° and isya at 18° below the horizon, asar by the school of Syafi'i. Each time
is rounded up to the minute and the ministry's precaution (ihtiyat) added: 2 minutes,
and 3 for zuhur and magrib, as its tables on bimasislam.kemenag.go.id come out.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, get_args

from adhanpy.calculation.CalculationParameters import CalculationParameters
from adhanpy.calculation.PrayerAdjustments import PrayerAdjustments
from adhanpy.PrayerTimes import PrayerTimes

from cms.channels.prayer.cities import City

Prayer = Literal["subuh", "zuhur", "asar", "magrib", "isya"]
PRAYERS: tuple[Prayer, ...] = get_args(Prayer)
IMSAK_BEFORE_SUBUH = timedelta(minutes=10)

_ROUND_UP = 0.5
"""The library rounds to the nearest minute; half a minute more rounds up."""


@lru_cache(maxsize=4096)
def prayer_times(city: City, day: date) -> Mapping[Prayer, datetime]:
    """Return the moments (UTC, whole minutes) of the prayers of `day` by the city's clock."""
    found = PrayerTimes(
        (city.latitude, city.longitude),
        datetime(day.year, day.month, day.day, tzinfo=UTC),
        calculation_parameters=_parameters(),
        time_zone=UTC,
    )
    return MappingProxyType(
        {
            "subuh": found.fajr,
            "zuhur": found.dhuhr,
            "asar": found.asr,
            "magrib": found.maghrib,
            "isya": found.isha,
        }
    )


def imsak(city: City, day: date) -> datetime:
    """Return the moment (UTC) at which who fasts on `day` stops eating."""
    return prayer_times(city, day)["subuh"] - IMSAK_BEFORE_SUBUH


def _parameters() -> CalculationParameters:
    parameters = CalculationParameters(fajr_angle=20, isha_angle=18)
    parameters.method_adjustments = PrayerAdjustments(
        fajr=2 + _ROUND_UP,
        dhuhr=3 + _ROUND_UP,
        asr=2 + _ROUND_UP,
        maghrib=3 + _ROUND_UP,
        isha=2 + _ROUND_UP,
    )
    return parameters
