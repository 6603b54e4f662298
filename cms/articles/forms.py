"""The form in which an article is written."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms.utils import ErrorList
from wagtail.blocks import (
    ListBlockValidationError,
    StreamBlockValidationError,
    StructBlockValidationError,
)

from cms.articles import scope
from cms.cooperatives.forms import ScopedPageForm
from cms.cooperatives.models import Cooperative
from cms.core.slugs import free_slug


class ArticleForm(ScopedPageForm):
    """Refuses, at its block, what belongs to a co-operative beside this one.

    Two articles may have the same title. Wagtail's editor makes the address from the title and
    refuses an address that is taken; here an article that was never published gets a free one.
    """

    def clean_slug(self) -> str:
        """Return the address that was posted, or with a number if another article has it."""
        slug: str = self.cleaned_data["slug"]
        if self.parent_page is None or self.instance.first_published_at is not None:
            return slug  # readers know the address: Wagtail refuses a change to a taken one
        beside = self.parent_page.get_children().exclude(pk=self.instance.pk)
        return free_slug(beside, slug, "kabar") if beside.filter(slug=slug).exists() else slug

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        body = data.get("body")
        if not body:
            return data
        held = self.instance.body if self.instance.pk else None
        wrong = scope.refusals(body, self.for_user, self._cooperative(), held)
        if wrong:
            errors = {i: _error(body[i].block_type, words) for i, words in wrong.items()}
            self.add_error("body", StreamBlockValidationError(block_errors=errors))
        return data

    def _cooperative(self) -> Cooperative | None:
        """Whose article it is; a new one is placed below the page that it was begun on."""
        if self.instance.pk:
            return self.instance.cooperative
        above = self.parent_page.specific if self.parent_page else None
        return getattr(above, "cooperative", None)


def _error(kind: str, words: str) -> ValidationError:
    """Return `words` as the editor's script expects them of a block of `kind`."""
    error = ValidationError(words)
    if kind == "picture":
        return StructBlockValidationError({"image": error})
    if kind == "gallery":
        return ListBlockValidationError(non_block_errors=ErrorList([error]))
    return error
