"""Worker processes, as they report themselves."""

from django.db import models


class WorkerProcess(models.Model):
    """A process that encodes. Whether its leases hold is never decided by this."""

    name = models.CharField(max_length=80, unique=True)
    """As its leases begin (`encoding.owners`)."""
    seen = models.DateTimeField()
    """When it last reported."""
    fault = models.TextField(blank=True)
    """What is wrong with its lanes, "" if nothing."""

    def __str__(self) -> str:
        return self.name
