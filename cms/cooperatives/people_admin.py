"""People in the CMS: a coordinator sees and looks after those of their own co-operatives."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.users.views import users

from cms.cooperatives.access import Person, Role, cooperatives_for
from cms.cooperatives.choke import View, behind_check
from cms.cooperatives.people import people_in_care_of, people_visible_to
from cms.cooperatives.people_forms import PersonCreationForm, PersonEditForm
from cms.core import phone
from cms.core.models import User


class PeoplePolicy(ModelPermissionPolicy):
    """Superusers may all; coordinators may make and change accounts in their care."""

    COORDINATORS_MAY = frozenset({"view", "add", "change"})

    def user_has_permission(self, user: Person, action: str) -> bool:
        """Return whether `user` may do `action` with some account."""
        if user.is_superuser and user.is_active:
            return True
        return action in self.COORDINATORS_MAY and (
            cooperatives_for(user, Role.COORDINATOR).exists()
        )

    def user_has_permission_for_instance(self, user: Person, action: str, instance: Model) -> bool:
        """Return whether `user` may do `action` with this account."""
        return self.user_has_permission(user, action) and (
            people_in_care_of(user).filter(pk=instance.pk).exists()
        )

    def instances_user_has_any_permission_for(
        self, user: Person, actions: Iterable[str]
    ) -> QuerySet[User]:
        """Return the accounts that `user` may look after in one of these ways."""
        if self.user_has_any_permission(user, actions):
            return people_in_care_of(user)
        return User.objects.none()


class PeopleFilterSet(WagtailFilterSet):
    """Wagtail's own would list the groups of all co-operatives."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.pop("is_searching", None)  # for the group filter, which is gone
        super().__init__(*args, **kwargs)

    class Meta:
        model = User
        fields = ["is_active"]


class PeopleIndex(users.IndexView):
    """The list, with phone numbers and roles."""

    def get_base_queryset(self) -> QuerySet[User]:
        """Return the people whom the viewer may see."""
        return (
            people_visible_to(self.request.user)
            .select_related("wagtail_userprofile")
            .prefetch_related("memberships__cooperative")
        )

    @property
    def columns(self) -> list[Any]:
        """Return Wagtail's columns and ours."""
        ours = [
            Column("phone", label=_("Telepon"), accessor=_phone_of, classname="siar-wide"),
            Column("roles", label=_("Peran"), accessor=self._roles_of),
        ]
        theirs = super().columns
        return [*theirs[:2], *ours, *theirs[4:]]

    def _roles_of(self, person: User) -> str:
        visible = set(cooperatives_for(self.request.user).values_list("pk", flat=True))
        return ", ".join(
            f"{each.get_role_display()} · {each.cooperative}"
            for each in person.memberships.all()
            if each.cooperative_id in visible
        )


def _phone_of(person: User) -> str:
    return phone.local(person.phone) if person.phone else ""


class _FormForPerson:
    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"for_user": self.request.user}  # type: ignore[misc, attr-defined]


class PersonCreate(_FormForPerson, users.CreateView):
    """A new account."""


class PersonEdit(_FormForPerson, users.EditView):
    """An account that is there."""


class PeopleViewSet(users.UserViewSet):
    """Wagtail's users, within the viewer's co-operatives."""

    index_view_class = PeopleIndex
    add_view_class = PersonCreate
    edit_view_class = PersonEdit
    filterset_class = PeopleFilterSet
    copy_view_enabled = False
    create_template_name = "wagtailadmin/generic/create.html"
    edit_template_name = "wagtailadmin/generic/edit.html"

    def get_form_class(self, for_update: bool = False) -> type[Any]:
        """Return the form for a new account or for one that is there."""
        return PersonEditForm if for_update else PersonCreationForm

    def construct_view(self, view_class: Any, **kwargs: Any) -> View:
        """Return the view behind the check of its `pk`."""
        return behind_check(super().construct_view(view_class, **kwargs), _in_care)


def _in_care(request: HttpRequest) -> QuerySet[User]:
    return people_in_care_of(request.user)
