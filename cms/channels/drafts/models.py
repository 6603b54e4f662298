"""Drafts of days, and the way back from an edit."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class DayDraft(models.Model):
    """What a date of a channel is to have once the draft is published.

    `entries` are (video, start as ISO text, note). The weekly template has no part in it.
    """

    channel = models.ForeignKey("Channel", on_delete=models.CASCADE, related_name="drafts")
    date = models.DateField()
    entries = models.JSONField(default=list)

    class Meta:
        verbose_name = _("draf")
        verbose_name_plural = _("draf")
        constraints = [models.UniqueConstraint(fields=["channel", "date"], name="one_draft_a_date")]

    def __str__(self) -> str:
        return f"{self.date:%F} {self.channel}"


class WeekDraft(models.Model):
    """The lines that the week of a channel is to have once the draft is published.

    `lines` are as `cms.channels.drafts.weeks` writes them.
    """

    channel = models.OneToOneField("Channel", on_delete=models.CASCADE, related_name="week_draft")
    lines = models.JSONField(default=list)

    class Meta:
        verbose_name = _("draf mingguan")
        verbose_name_plural = _("draf mingguan")

    def __str__(self) -> str:
        return str(self.channel)


class LastEdit(models.Model):
    """What puts the last edit of a person back, until the next one.

    It is offered on the page of `day`, on that of the week if that is None.

    `told` is as `cms.channels.admin.undo` writes it: whole days of a busy channel are too much
    for a session.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    channel = models.ForeignKey("Channel", on_delete=models.CASCADE, related_name="+")
    day = models.DateField(null=True)
    told = models.JSONField()

    def __str__(self) -> str:
        return f"{self.day or 'week'} {self.channel}: {self.user}"
