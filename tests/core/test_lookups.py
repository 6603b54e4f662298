"""Numbers of a request that no row can have are not found; they are no fault of the server."""

import pytest

from cms.core.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**40])
def test_a_number_beyond_the_field_finds_nothing(
    number: int, django_user_model: type[User]
) -> None:
    one = django_user_model.objects.create_user("contoh")
    rows = django_user_model.objects.filter(pk__in=[one.pk, number])
    assert list(rows) == [one]
    assert not django_user_model.objects.filter(pk__in=[number]).exists()
    assert list(django_user_model.objects.exclude(pk__in=[number])) == [one]
