"""Which people a person may see and look after."""

from django.db.models import Exists, OuterRef, QuerySet

from cms.cooperatives.access import Person, Role, cooperatives_for
from cms.cooperatives.models import Membership
from cms.core.models import User


def people_visible_to(user: Person) -> QuerySet[User]:
    """Return the people who belong to a co-operative that `user` coordinates."""
    if user.is_superuser and user.is_active:
        return User.objects.all()
    here = cooperatives_for(user, Role.COORDINATOR)
    return User.objects.filter(
        Exists(Membership.objects.filter(user=OuterRef("pk"), cooperative__in=here)),
        is_superuser=False,
    )


def people_in_care_of(user: Person) -> QuerySet[User]:
    """Return the people whose account `user` may change.

    Nobody who has a role elsewhere too: a new password for them would open the other
    co-operative's door.
    """
    if user.is_superuser and user.is_active:
        return User.objects.all()
    here = cooperatives_for(user, Role.COORDINATOR)
    elsewhere = Membership.objects.filter(user=OuterRef("pk")).exclude(cooperative__in=here)
    return people_visible_to(user).filter(~Exists(elsewhere))
