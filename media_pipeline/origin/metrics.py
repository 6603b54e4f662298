"""Counters for Prometheus; names begin with `siar_origin_`."""

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

CONTENT_TYPE = b"text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """The counters of one origin."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "siar_origin_requests",
            "Requests answered.",
            ["room", "status"],
            registry=self._registry,
        )
        self._children: dict[tuple[str, int], Counter] = {}
        self.channels = self._gauge("channels", "Channels with a rundown.")
        self.programmes = self._gauge("programmes", "Publications on demand in memory.")
        self.refused = self._gauge("rundowns_refused", "Rundowns that were not fit to air.")
        self.refreshed = self._gauge("refreshed_timestamp_seconds", "The last look at the store.")

    def count(self, room: str, status: int) -> None:
        """One more answer of `room` (live, vod, media, other) with `status`."""
        child = self._children.get((room, status))
        if child is None:
            child = self._requests.labels(room, str(status))
            self._children[room, status] = child
        child.inc()

    def text(self) -> bytes:
        """All of them in the text format."""
        return generate_latest(self._registry)

    def _gauge(self, name: str, sentence: str) -> Gauge:
        return Gauge(f"siar_origin_{name}", sentence, registry=self._registry)
