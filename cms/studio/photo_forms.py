"""Photos in a form: chosen in it, or sent before it, and kept when another field errs."""

import re
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.core.models import User
from cms.studio.models import SentPhoto
from cms.studio.photos import check_photo
from cms.studio.sent import as_file, do_forget, do_keep_waiting, waiting_of

MOST_PHOTOS = 5
"""Beside the first one: a card clip of 15 seconds shows no more."""
PICTURES = "image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif"
"""The suffixes are for systems that do not know the types."""


class PhotoField(forms.FileField):
    """One photo. Its value is a new JPEG without metadata (`check_photo`), None without a photo."""

    def __init__(self, label: Any, *, camera: bool = False, **kwargs: Any) -> None:
        # "capture" opens the camera at once; without it phones offer the gallery.
        attrs = {"accept": PICTURES} | ({"capture": "environment"} if camera else {})
        widget = forms.FileInput(attrs=attrs)
        super().__init__(label=label, required=False, widget=widget, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> ContentFile | None:
        upload = super().clean(data, initial)
        return check_photo(upload) if upload else None


class _Several(forms.FileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several photos. Its value is a list of new JPEGs without metadata (`check_photo`)."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        widget = _Several(attrs={"accept": PICTURES})
        super().__init__(label=label, required=False, widget=widget, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[ContentFile]:
        uploads = [super(PhotosField, self).clean(each, initial) for each in data or []]
        if len(uploads) > MOST_PHOTOS:
            raise too_many()
        return [check_photo(upload) for upload in uploads if upload]


class SentField(forms.ModelMultipleChoiceField):
    """Photos of the trader that were sent before the form."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(SentPhoto.objects.none(), required=False, **kwargs)
        gone = gettext_lazy("Foto yang dikirim tadi tidak ada lagi. Pilih fotonya sekali lagi.")
        self.error_messages |= {"invalid_choice": gone, "invalid_pk_value": gone}


def _keys(named: Any) -> list[int]:
    """Return what of `named` may be a primary key."""
    return [int(each) for each in named or () if re.fullmatch("[0-9]{1,18}", str(each))]


class KeepsPhotos(forms.BaseForm):
    """A form with one photo from the `camera`, the gallery (`photo`) or before it (`sent`)."""

    def offer_sent(self, user: User) -> None:
        """Let the form take what `user` has sent, and nothing of others."""
        self._kept: dict[str, list[SentPhoto]] = {}
        for field in self.fields.values():
            if isinstance(field, SentField):
                field.queryset = waiting_of(user)

    @property
    def first_photo(self) -> ContentFile | None:
        """The photo that came with a valid form, the newest where there are several."""
        chosen = self.cleaned_data["camera"] or self.cleaned_data["photo"]
        sent = list(self.cleaned_data["sent"])
        return chosen or (as_file(sent[-1]) if sent else None)

    def do_forget_sent(self) -> None:
        """Delete the sent photos of a form that was saved."""
        for name in self._sent_fields():
            do_forget(self.cleaned_data[name])

    def do_keep_photos(self, user: User, now: datetime) -> None:
        """Keep what came with a form that could not be saved, to be sent with it again.

        Browsers do not keep files that were chosen.
        """
        if first := self.cleaned_data.get("camera") or self.cleaned_data.get("photo"):
            do_forget(self._shown("sent"))
            self._kept["sent"] = [do_keep_waiting(first, user, now)]
        if more := self.cleaned_data.get("more"):
            rows = [do_keep_waiting(photo, user, now) for photo in more]
            self._kept["more_sent"] = [*self._shown("more_sent"), *rows]

    def sent_photos(self) -> dict[str, list[SentPhoto]]:
        """Return the photos that are sent with this form again, by field."""
        return {name: self._kept.get(name) or self._shown(name) for name in self._sent_fields()}

    def _shown(self, name: str) -> list[SentPhoto]:
        """Return what the form names of it and is there, also beside what is there no more."""
        field = self.fields[name]
        assert isinstance(field, SentField)
        assert field.queryset is not None
        return list(field.queryset.filter(pk__in=_keys(self[name].data))) if self.is_bound else []

    def _sent_fields(self) -> list[str]:
        return [name for name, field in self.fields.items() if isinstance(field, SentField)]


def too_many() -> ValidationError:
    """Return the refusal of more than MOST_PHOTOS."""
    return ValidationError(_("Foto tambahan paling banyak 5. Buang dulu yang lain."))
