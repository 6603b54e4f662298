"""The form in which an article is written."""

from itertools import count
from typing import Any

from django.core.exceptions import ValidationError
from wagtail.blocks import StreamBlockValidationError, StructBlockValidationError

from cms.articles import scope
from cms.cooperatives.forms import ScopedPageForm
from cms.cooperatives.models import Cooperative


class ArticleForm(ScopedPageForm):
    """Refuses, at its block, what belongs to a co-operative beside this one.

    A title may be used again: the address of an article that has not been published yet is made
    unique. The editor's page makes it of the title, and Wagtail would refuse one that is taken.
    """

    def clean_slug(self) -> str:
        """Return the address that was asked for, with the first free number where it is taken."""
        slug: str = self.cleaned_data["slug"]
        if self.parent_page is None or self.instance.first_published_at is not None:
            return slug  # an address that is known stays: Wagtail says that the new one is taken
        beside = self.parent_page.get_children().exclude(pk=self.instance.pk)
        taken = set(beside.filter(slug__startswith=slug).values_list("slug", flat=True))
        names = (slug if number == 1 else f"{slug}-{number}" for number in count(1))
        return next(name for name in names if name not in taken)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        body = data.get("body")
        if not body:
            return data
        held = self.instance.body if self.instance.pk else None
        wrong = scope.refusals(body, self.for_user, self._cooperative(), held)
        if wrong:
            errors = {
                i: StructBlockValidationError({"image": ValidationError(words)})
                if body[i].block_type == "picture"
                else ValidationError(words)
                for i, words in wrong.items()
            }
            self.add_error("body", StreamBlockValidationError(block_errors=errors))
        return data

    def _cooperative(self) -> Cooperative | None:
        """Whose article it is; a new one is placed below the page that it was begun on."""
        if self.instance.pk:
            return self.instance.cooperative
        above = self.parent_page.specific if self.parent_page else None
        return getattr(above, "cooperative", None)
