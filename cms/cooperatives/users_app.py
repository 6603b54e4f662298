"""Wagtail's app of users, with our views and our policy."""

from wagtail.users.apps import WagtailUsersAppConfig


class SiarUsersConfig(WagtailUsersAppConfig):
    """Takes the place of `wagtail.users` in INSTALLED_APPS."""

    user_viewset = "cms.cooperatives.people_admin.PeopleViewSet"

    def ready(self) -> None:
        """Put our policy where Wagtail's stood, before anybody has asked for it."""
        super().ready()
        from wagtail.permissions import register_permission_policy
        from wagtail.users.views.bulk_actions import AssignRoleBulkAction

        from cms.cooperatives.people_admin import PeoplePolicy
        from cms.core.models import User

        register_permission_policy(User, PeoplePolicy(User))
        # Groups follow from memberships: nobody hands them out, least of all in bulk.
        AssignRoleBulkAction.models = []
