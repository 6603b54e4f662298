"""People change their own account; who signs in by the phone goes on doing so."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from cms.core.models import User

OLD, NEW = "+6281234567890", "+6281298765432"


@pytest.fixture
def by_phone(editor_a: User) -> User:
    """An editor without another user name than the phone number."""
    editor_a.phone, editor_a.username = OLD, OLD.removeprefix("+")
    editor_a.save()
    return editor_a


def change(client: Client, person: User, phone: str) -> bytes:
    """Send the account page with another phone number."""
    client.force_login(person)
    form = {
        "name_email-first_name": "Redaksi",
        "name_email-last_name": "",
        "name_email-phone": phone,
        "name_email-email": "",
        "siar_language-language": "id",
        "theme-theme": "system",
        "theme-contrast": "system",
        "theme-density": "default",
    }
    answer = client.post("/admin/account/", form)
    person.refresh_from_db()
    return answer.content


def test_a_user_name_that_was_made_from_the_phone_follows_it(
    client: Client, by_phone: User
) -> None:
    change(client, by_phone, "0812-9876-5432")
    assert by_phone.phone == NEW
    assert by_phone.username == NEW.removeprefix("+")


def test_a_chosen_user_name_stays_when_the_phone_changes(client: Client, editor_a: User) -> None:
    change(client, editor_a, "0812-9876-5432")
    assert (editor_a.phone, editor_a.username) == (NEW, "redaksi-a")


def test_the_number_by_which_one_signs_in_cannot_be_left_empty(
    client: Client, by_phone: User
) -> None:
    page = change(client, by_phone, "")
    assert "Anda masuk dengan nomor ini." in page.decode()
    assert by_phone.phone == OLD


def test_a_number_that_is_another_persons_user_name_is_taken(
    client: Client, by_phone: User
) -> None:
    User.objects.create(username=NEW.removeprefix("+"))
    page = change(client, by_phone, "0812-9876-5432")
    assert "Nomor telepon ini sudah dipakai akun lain." in page.decode()
    assert by_phone.phone == OLD


def test_who_was_named_by_a_number_without_having_it_is_named_by_the_one_they_write(
    client: Client, editor_a: User
) -> None:
    User.objects.filter(pk=editor_a.pk).update(username=OLD)
    editor_a.refresh_from_db()
    change(client, editor_a, "0812-9876-5432")
    assert (editor_a.phone, editor_a.username) == (NEW, NEW.removeprefix("+"))


def test_a_form_without_user_name_is_told_of_its_fault_all_the_same(by_phone: User) -> None:
    by_phone.phone = NEW
    with pytest.raises(ValidationError) as refused:
        by_phone.full_clean(exclude=["username"])
    assert list(refused.value.message_dict) == ["__all__"]


def test_a_coordinator_who_changes_the_number_changes_the_name_made_from_it(
    client: Client, superuser: User, by_phone: User
) -> None:
    client.force_login(superuser)
    form = {
        "first_name": "Redaksi",
        "phone": "0812-9876-5432",
        "username": by_phone.username,
        "language": "id",
        "is_active": "on",
    }
    answer = client.post(f"/admin/users/edit/{by_phone.pk}/", form)
    assert answer.status_code == 302
    by_phone.refresh_from_db()
    assert (by_phone.phone, by_phone.username) == (NEW, NEW.removeprefix("+"))
