"""The forms of a person's account: phone or user name, e-mail if they have one."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.users.forms import UserCreationForm, UserEditForm

from cms.cooperatives.access import Role, cooperatives_for
from cms.cooperatives.actions import do_add_member
from cms.cooperatives.models import Cooperative
from cms.core import phone
from cms.core.account import is_named_by_phone
from cms.core.models import User

FIELDS = ["first_name", "last_name", "phone", "username", "email", "language"]


class IndentedChoice(forms.ModelChoiceField):
    """A choice of co-operatives that shows the tree."""

    def label_from_instance(self, obj: Cooperative) -> str:
        """Return the name, moved in by its depth."""
        return obj.indented()


class PersonFormMixin:
    """What the two forms share. Groups are not here: they follow from memberships."""

    def __init__(self, *args: Any, for_user: User, **kwargs: Any) -> None:
        self.for_user = for_user
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        fields["email"].required = fields["last_name"].required = False
        fields["username"].required = False
        fields["username"].help_text = _("Boleh kosong: nomor telepon menjadi nama pengguna.")
        if not for_user.is_superuser:
            fields.pop("is_superuser", None)

    def clean_phone(self) -> str | None:
        """Return the number as it is kept."""
        text = self.cleaned_data.get("phone")  # type: ignore[attr-defined]
        return phone.normalise(text) if text else None

    def clean(self) -> dict[str, Any]:
        """Take the phone as user name where none is given, or where it was that before."""
        data: dict[str, Any] = super().clean() or self.cleaned_data  # type: ignore[misc, attr-defined]
        if not data.get("username") or self._follows_the_phone(data):
            if not data.get("phone"):
                raise ValidationError(_("Isi nomor telepon atau nama pengguna."))
            data["username"] = phone.as_username(data["phone"])
        return data

    def _follows_the_phone(self, data: dict[str, Any]) -> bool:
        """Return whether the name was made from a number that is now another."""
        user: User = self.instance  # type: ignore[attr-defined]
        kept = data["username"] == user.username and is_named_by_phone(user)
        return kept and bool(data.get("phone")) and data["phone"] != user.phone


class PersonCreationForm(PersonFormMixin, UserCreationForm):
    """A new account, with its first role."""

    cooperative = IndentedChoice(Cooperative.objects.none(), label=_("Koperasi"))
    role = forms.ChoiceField(choices=Role.choices, label=_("Peran"), initial=Role.TRADER)

    class Meta:
        model = User
        fields = FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = self.fields["cooperative"]
        places.queryset = cooperatives_for(self.for_user, Role.COORDINATOR)
        if self.for_user.is_superuser:
            places.required = False

    def save(self, commit: bool = True) -> User:
        """Make the account and give it the role."""
        user: User = super().save(commit)
        if commit and (place := self.cleaned_data["cooperative"]):
            do_add_member(user, place, Role(self.cleaned_data["role"]))
        return user


class PersonEditForm(PersonFormMixin, UserEditForm):
    """An account that is there."""

    class Meta:
        model = User
        fields = [*FIELDS, "is_active"]
