"""The form in which an article is written."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.blocks import StreamBlockValidationError, StructBlockValidationError

from cms.articles import scope
from cms.cooperatives.forms import ScopedPageForm
from cms.cooperatives.models import Cooperative


class ArticleForm(ScopedPageForm):
    """Refuses, at its block, what belongs to a co-operative beside this one."""

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
