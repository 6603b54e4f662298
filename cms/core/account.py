"""The account page: a name is enough, for few have an e-mail address."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cms.core import phone
from cms.core.models import User


class NameForm(forms.ModelForm):
    """Takes the place of Wagtail's form of name and e-mail, which demands all three."""

    first_name = forms.CharField(label=_("Nama depan"), max_length=150)
    phone = forms.CharField(label=_("Nomor telepon"), max_length=32, required=False)

    class Meta:
        model = User
        fields = ["first_name", "last_name", "phone", "email"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name_is_phone = is_named_by_phone(self.instance)
        if self.instance.phone:
            self.initial["phone"] = phone.local(self.instance.phone)

    def clean_phone(self) -> str | None:
        """Return the number as it is kept; None for none."""
        text = self.cleaned_data["phone"]
        if not text:
            if self.name_is_phone:
                raise ValidationError(_("Anda masuk dengan nomor ini. Tulis nomor penggantinya."))
            return None
        number = phone.normalise(text)
        others = User.objects.exclude(pk=self.instance.pk)
        if self.name_is_phone and others.filter(username=phone.as_username(number)).exists():
            raise ValidationError(_("Nomor telepon ini sudah dipakai akun lain."))
        return number

    def clean(self) -> dict[str, Any]:
        """Let a user name that was made from the phone follow it."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.name_is_phone and data.get("phone"):
            self.instance.username = phone.as_username(data["phone"])
        return data


def is_named_by_phone(user: User) -> bool:
    """Return whether the user name of `user` is a phone number."""
    return phone.read(user.username) is not None
