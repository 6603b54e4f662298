"""Co-operatives in the CMS: the tree, each with its members."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.snippets.views.snippets import CreateView, EditView, SnippetViewSet

from cms.cooperatives.access import Person
from cms.cooperatives.actions import do_move_cooperative, do_sync_cooperative, do_tell_place
from cms.cooperatives.admin import ScopedSnippetViewSet
from cms.cooperatives.forms import ScopedFormMixin
from cms.cooperatives.models import Cooperative, Membership, Region
from cms.cooperatives.people_forms import IndentedChoice
from cms.cooperatives.policy import ScopedPermissionPolicy
from cms.core.models import User

ONLY_SUPERUSERS = ("above", "slug", "level")
"""Where a co-operative stands in the tree is not for itself to say."""


class MembershipForm(ScopedFormMixin, WagtailAdminModelForm):
    """A person by phone or user name: a list to choose from would show everybody's people."""

    person = forms.CharField(label=_("Nomor telepon atau nama pengguna"), max_length=150)

    class Meta:
        model = Membership
        fields = ["role"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.user_id:
            self.fields["person"].initial = self.instance.user.username

    def clean_person(self) -> User:
        """Return the account that is meant."""
        found = User.objects.by_name_or_phone(self.cleaned_data["person"])
        if found is None:
            raise ValidationError(_("Belum ada akun dengan nomor ini. Buat dulu di Pengguna."))
        return found

    def _post_clean(self) -> None:
        if person := self.cleaned_data.get("person"):
            self.instance.user = person
        super()._post_clean()


class CooperativeForm(ScopedFormMixin, WagtailAdminModelForm):
    """A co-operative and the one above it."""

    above = IndentedChoice(Cooperative.objects.all(), label=_("Di bawah"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent = self.instance.get_parent() if self.instance.pk else None
        self.fields["above"].initial = parent
        if not (self.for_user and self.for_user.is_superuser):
            for name in ONLY_SUPERUSERS:
                self.fields[name].disabled = True
            self.fields["above"].queryset = Cooperative.objects.filter(pk=parent and parent.pk)

    def clean_above(self) -> Cooperative | None:
        """Refuse a place inside its own subtree."""
        above: Cooperative | None = self.cleaned_data["above"]
        own = self.instance.pk and above and above.path.startswith(self.instance.path)
        if own:
            raise ValidationError(_("Koperasi tidak dapat berada di bawah dirinya sendiri."))
        return above

    def save(self, commit: bool = True) -> Cooperative:
        """Put a new co-operative into the tree; treebeard gives it its path."""
        if self.instance.pk is None:
            above = self.cleaned_data["above"]
            place = above.add_child if above else Cooperative.add_root
            place(instance=self.instance)
        cooperative: Cooperative = super().save(commit)
        return cooperative


class CooperativePolicy(ScopedPermissionPolicy):
    """Nobody deletes a co-operative: people, pages and the ledger hang on it."""

    def user_has_permission(self, user: Person, action: str) -> bool:
        """Return whether `user` may do `action` with some co-operative."""
        return action != "delete" and super().user_has_permission(user, action)

    def user_has_permission_for_instance(self, user: Person, action: str, instance: Model) -> bool:
        """Return whether `user` may do `action` with this one."""
        return action != "delete" and super().user_has_permission_for_instance(
            user, action, instance
        )


class _InStep:
    """After a save, groups, collection and pages follow."""

    def save_instance(self) -> Cooperative:
        cooperative: Cooperative = super().save_instance()  # type: ignore[misc]
        form = self.form  # type: ignore[attr-defined]
        if "above" in form.changed_data:
            do_move_cooperative(cooperative, form.cleaned_data["above"])
        do_sync_cooperative(cooperative)
        return cooperative


class CooperativeCreate(_InStep, CreateView):
    """A new co-operative."""


class CooperativeEdit(_InStep, EditView):
    """A co-operative and its members; channels follow a city or zone that was corrected."""

    def save_instance(self) -> Cooperative:
        cooperative = super().save_instance()
        if {"city", "zone"} & set(self.form.changed_data):
            do_tell_place(cooperative)
            sentence = gettext(
                "Kota atau zona waktu berubah. Jadwal dan azan salurannya disusun ulang."
            )
            messages.info(self.request, sentence)
        return cooperative


class MembersPanel(InlinePanel):
    """Members, each by the form above."""

    def get_form_options(self) -> dict[str, Any]:
        """Return Wagtail's options with our form."""
        options: dict[str, Any] = super().get_form_options()
        options["formsets"][self.relation_name]["form"] = MembershipForm
        return options


class CooperativeViewSet(ScopedSnippetViewSet):
    """The tree, for superusers, and its subtrees for coordinators."""

    model = Cooperative
    policy_class = CooperativePolicy
    icon = "group"
    menu_label = _("Koperasi")
    menu_order = 150
    add_to_admin_menu = True
    ordering = ("path",)
    list_display = ["indented", "level", "city", "zone"]
    list_filter = ["level", "region"]
    search_fields = ["name", "market", "city"]
    add_view_class = CooperativeCreate
    edit_view_class = CooperativeEdit
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [FieldPanel(name) for name in ("name", "slug", "level", "above")],
                heading=_("Koperasi"),
            ),
            MultiFieldPanel(
                [FieldPanel(name) for name in ("market", "city", "zone", "region", "whatsapp")],
                heading=_("Tempat"),
            ),
            MembersPanel(
                "memberships",
                heading=_("Anggota"),
                label=_("anggota"),
                panels=[FieldPanel("person"), FieldPanel("role")],
            ),
        ],
        base_form_class=CooperativeForm,
    )


class RegionViewSet(SnippetViewSet):
    """Regions, for superusers."""

    model = Region
    icon = "site"
    menu_label = _("Wilayah")
    add_to_settings_menu = True
    list_display = ["name", "slug"]
