"""People who sign in, and the outbox of facts."""

from collections.abc import Collection, Iterator
from datetime import UTC
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from cms.core import phone


class People(UserManager["User"]):
    """Finds people by what they type at the door."""

    def by_name_or_phone(self, text: str) -> "User | None":
        """Return who signs in as `text`: a user name or a phone number in any usual form."""
        found = self.filter(username=text).first()
        if found is not None:
            return found
        number = phone.read(text)
        return self.filter(phone=number).first() if number else None

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the user whom Django asks for by `username`; phones are good too."""
        found = self.by_name_or_phone(username or "")
        if found is None:
            raise self.model.DoesNotExist(username)
        return found


class User(AbstractUser):
    """Somebody who signs in, by user name or by phone. E-mail may be empty."""

    phone = models.CharField(
        _("nomor telepon"),
        max_length=16,
        unique=True,
        null=True,
        blank=True,
        error_messages={"unique": _("Nomor telepon ini sudah dipakai akun lain.")},
    )
    """E.164, or None: several people may have none, and NULLs are unique."""
    language = models.CharField(_("bahasa"), max_length=5, default="id", choices=settings.LANGUAGES)
    sessions_ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    """Sessions that were begun before this moment are over, on whatever device."""

    objects: ClassVar[People] = People()

    class Meta:
        verbose_name = _("pengguna")
        verbose_name_plural = _("pengguna")

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Let no user name be another's phone; said under the name where a form asks for it.

        Django refuses, with an exception, an error under a field that the form lacks.
        """
        super().clean_fields(exclude)
        as_phone = phone.read(self.username)
        if as_phone and as_phone != phone.read(self.phone):
            place = NON_FIELD_ERRORS if "username" in (exclude or ()) else "username"
            raise ValidationError(
                {place: _("Nama pengguna ini berupa nomor telepon. Tulis nama lain.")}
            )

    def clean(self) -> None:
        """Bring the phone into the form in which it is kept."""
        super().clean()
        self.phone = phone.normalise(self.phone) if self.phone else None

    def get_session_auth_hash(self) -> str:
        """Return what each session carries of its owner: another one, and the session is over."""
        return self._since_the_end(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """Yield the same by earlier secrets of the install."""
        for each in super().get_session_auth_fallback_hash():
            yield self._since_the_end(each)

    def _since_the_end(self, text: str) -> str:
        if self.sessions_ended_at is None:
            return text
        moment = self.sessions_ended_at.astimezone(UTC).isoformat()
        return salted_hmac("siar.sessions", text + moment, algorithm="sha256").hexdigest()


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


class Delivery(models.Model):
    """One fact for one consumer; `line` is the kind and subject whose order is kept.

    Its moves are drawn in `delivery.py`.
    """

    fact = models.ForeignKey(Fact, on_delete=models.CASCADE, related_name="deliveries")
    consumer = models.CharField(max_length=64)
    line = models.CharField(max_length=130)
    due = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["fact_id", "consumer"]
        constraints = [
            models.UniqueConstraint(fields=["fact", "consumer"], name="one_delivery_a_consumer")
        ]
        indexes = [
            # Only what waits is ever looked for; what is done piles up for a month.
            models.Index(
                fields=["consumer", "line", "fact"],
                name="waiting_in_line",
                condition=models.Q(done_at=None),
            ),
            models.Index(fields=["due"], name="waiting_due", condition=models.Q(done_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.fact} → {self.consumer}"
