"""The account page: a name is enough, for few have an e-mail address."""

from typing import Any

from django import forms
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
        if self.instance.phone:
            self.initial["phone"] = phone.local(self.instance.phone)

    def clean_phone(self) -> str | None:
        """Return the number as it is kept; None for none."""
        text = self.cleaned_data["phone"]
        return phone.normalise(text) if text else None
