"""Counters for Prometheus; names begin with `siar_origin_`."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

CONTENT_TYPE = b"text/plain; version=0.0.4; charset=utf-8"


class _Requests(Collector):
    """How many requests were answered, by room and status.

    Counted in the event loop alone, without the lock that a Counter takes for each.
    """

    def __init__(self) -> None:
        self.found: dict[tuple[str, int], int] = {}

    def collect(self) -> Iterator[CounterMetricFamily]:
        """The counts as they are."""
        family = CounterMetricFamily(
            "siar_origin_requests", "Requests answered.", labels=["room", "status"]
        )
        for (room, status), count in self.found.items():
            family.add_metric([room, str(status)], count)
        yield family


class Metrics:
    """The counters of one origin."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = _Requests()
        self._registry.register(self._requests)
        self.channels = self._gauge("channels", "Channels with a rundown.")
        self.programmes = self._gauge("programmes", "Publications on demand in memory.")
        self.refused = self._gauge("rundowns_refused", "Rundowns that were not fit to air.")
        self.refreshed = self._gauge("refreshed_timestamp_seconds", "The last look at the store.")

    def count(self, room: str, status: int) -> None:
        """One more answer of `room` (live, vod, media, other) with `status`."""
        found = self._requests.found
        found[room, status] = found.get((room, status), 0) + 1

    def text(self) -> bytes:
        """All of them in the text format."""
        return generate_latest(self._registry)

    def _gauge(self, name: str, sentence: str) -> Gauge:
        return Gauge(f"siar_origin_{name}", sentence, registry=self._registry)
