"""What the sites of browser tests do less often than an install does, so that tests have the processor."""

from django.apps import AppConfig


class QuickSite(AppConfig):
    """Idle lanes ask for work once a second: five questions a second take 4 % of a core in each site."""

    name = "tests"

    def ready(self) -> None:
        """Set the pause of the lanes, which can be imported only now."""
        from cms.videos.encoding import lanes

        lanes.POLL = 1.0
