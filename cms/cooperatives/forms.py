"""Forms of the CMS that take no reference to what the person may not see."""

from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q
from wagtail.admin.forms import WagtailAdminPageForm

from cms.cooperatives import roles
from cms.cooperatives.access import cooperatives_for
from cms.cooperatives.models import Cooperative
from cms.cooperatives.visibility import choosable_rows


class ScopedFormMixin:
    """Limits every reference in the form to rows of the person's own co-operatives.

    A posted id of another tenant's row is then "not one of the choices", whatever
    chooser it came through. What the row refers to already may stay.
    """

    scoped_to: Any = None
    """The person, where Wagtail hands a form none: forms of inline rows."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.scoped_to or getattr(self, "for_user", None) or AnonymousUser()
        for formset in getattr(self, "formsets", {}).values():
            formset.form = scoped_form(formset.form, scoped_to=user)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            queryset = getattr(field, "queryset", None)
            if isinstance(field, forms.ModelChoiceField) and queryset is not None:
                field.queryset = self._limited(name, queryset, user)

    def _limited(self, name: str, queryset: Any, user: Any) -> Any:
        instance: Model = self.instance  # type: ignore[attr-defined]
        model = queryset.model
        if model is Cooperative:
            rows = self._own_cooperatives(instance, user)
        else:
            rows = choosable_rows(user, model)
        allowed = Q(pk__in=rows.values("pk"))
        attname = f"{name}_id"
        if (held := getattr(instance, attname, None)) is not None:
            allowed |= Q(pk=held)
        return queryset.filter(allowed)

    def _own_cooperatives(self, instance: Model, user: Any) -> Any:
        action = "change" if instance.pk else "add"
        wanted = roles.roles_that_may(type(instance), action)
        return cooperatives_for(user, *wanted)


class ScopedPageForm(ScopedFormMixin, WagtailAdminPageForm):
    """The form of a page: give it to the page model as `base_form_class`."""


def scoped_form(form_class: type[Any], *, scoped_to: Any = None) -> type[Any]:
    """Return `form_class` with its references limited, to what `scoped_to` sees if given."""
    own = {"scoped_to": scoped_to} if scoped_to else {}
    bases = (
        (form_class,) if issubclass(form_class, ScopedFormMixin) else (ScopedFormMixin, form_class)
    )
    return type(f"Scoped{form_class.__name__}", bases, own)
