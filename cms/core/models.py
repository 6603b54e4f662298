"""People who sign in, and the outbox of facts."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """Somebody who signs in, by user name or by phone. E-mail may be empty."""

    phone = models.CharField(_("nomor telepon"), max_length=16, unique=True, null=True, blank=True)
    language = models.CharField(_("bahasa"), max_length=5, default="id")


class Fact(models.Model):
    """Something that happened, written in the same transaction as the change itself.

    A room above learns of a room below only through facts. `subject` is the id of
    the row that it is about; consumers get facts of one subject in order.
    """

    topic = models.CharField(max_length=64)
    subject = models.CharField(max_length=64)
    payload = models.JSONField(default=dict)
    happened = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.topic} {self.subject}"
