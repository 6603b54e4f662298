"""The tree of co-operatives and who belongs to it."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from treebeard.mp_tree import MP_Node

from cms.cooperatives.querysets import CooperativeManager
from cms.core.phone import normalise


class Region(models.Model):
    """A wilayah: a province or city, as viewers choose it."""

    name = models.CharField(_("nama"), max_length=80, unique=True)
    slug = models.SlugField(unique=True)

    class Meta:
        verbose_name = _("wilayah")
        verbose_name_plural = _("wilayah")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Cooperative(MP_Node, ClusterableModel):
    """Inkoppas over Puskoppas over Koppas. The path is the tenant boundary."""

    class Level(models.TextChoices):
        INKOPPAS = "inkoppas", "Inkoppas"
        PUSKOPPAS = "puskoppas", "Puskoppas"
        KOPPAS = "koppas", "Koppas"

    class Zone(models.TextChoices):
        WIB = "Asia/Jakarta", "WIB"
        WITA = "Asia/Makassar", "WITA"
        WIT = "Asia/Jayapura", "WIT"

    name = models.CharField(_("nama"), max_length=120)
    slug = models.SlugField(unique=True)
    level = models.CharField(_("tingkat"), max_length=10, choices=Level.choices)
    market = models.CharField(_("pasar"), max_length=120, blank=True)
    city = models.CharField(_("kota"), max_length=80)
    zone = models.CharField(_("zona waktu"), max_length=20, choices=Zone.choices, default=Zone.WIB)
    region = models.ForeignKey(
        Region, verbose_name=_("wilayah"), on_delete=models.PROTECT, null=True, blank=True
    )
    whatsapp = models.CharField(
        _("nomor WhatsApp kantor"),
        max_length=20,
        blank=True,
        help_text=_("Untuk pedagang yang bertanya, dan pembeli dari lapak tanpa nomor."),
    )

    collection = models.OneToOneField(
        "wagtailcore.Collection",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="cooperative",
    )
    """Its images and documents, below the collection of the co-operative above."""

    objects = CooperativeManager()

    class Meta:
        verbose_name = _("koperasi")
        verbose_name_plural = _("koperasi")

    def __str__(self) -> str:
        return self.name

    @property
    def market_name(self) -> str:
        """What viewers call it: its market, its own name where it has none."""
        return self.market or self.name

    def clean(self) -> None:
        """Bring the office's number into the form in which it is kept."""
        super().clean()
        if self.whatsapp:
            try:
                self.whatsapp = normalise(self.whatsapp)
            except ValidationError as error:
                raise ValidationError({"whatsapp": error.messages}) from error

    def indented(self) -> str:
        """Return its name as it stands in the tree, for lists."""
        return "\u2003" * (self.depth - 1) + self.name

    indented.short_description = _("koperasi")  # type: ignore[attr-defined]


class Membership(models.Model):
    """One person's role in one co-operative; it holds for the whole subtree."""

    class Role(models.TextChoices):
        EDITOR = "editor", _("Redaksi")
        MODERATOR = "moderator", _("Moderator")
        COORDINATOR = "coordinator", _("Pengurus")
        TRADER = "trader", _("Pedagang")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    cooperative = ParentalKey(Cooperative, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("peran"), max_length=12, choices=Role.choices)

    class Meta:
        verbose_name = _("keanggotaan")
        verbose_name_plural = _("keanggotaan")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "cooperative", "role"], name="one_role_of_a_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.role} · {self.cooperative}"


class RoleGroup(models.Model):
    """The group that stands for one role in one co-operative where Wagtail asks for groups.

    Kept in step with memberships by `actions.do_sync_cooperative`; nobody edits it by hand.
    """

    cooperative = models.ForeignKey(
        Cooperative, on_delete=models.CASCADE, related_name="role_groups"
    )
    role = models.CharField(max_length=12, choices=Membership.Role.choices)
    group = models.OneToOneField("auth.Group", on_delete=models.CASCADE, related_name="role_group")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cooperative", "role"], name="one_group_a_role")
        ]

    def __str__(self) -> str:
        return f"{self.role} · {self.cooperative}"


def paths_up(path: str) -> list[str]:
    """Return the path of a co-operative and of each one above it, its own first."""
    return [path[:end] for end in range(len(path), 0, -Cooperative.steplen)]
