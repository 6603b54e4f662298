"""Six digits, but none of those that are tried first."""

import pytest
from django.core.exceptions import ValidationError

from cms.core.guessing import is_pin
from cms.core.models import User
from cms.studio.pins import check_secret, is_weak


@pytest.mark.parametrize(
    "pin",
    [
        "000000",
        "123456",
        "654321",
        "890123",
        "321098",
        "112233",
        "998877",
        "121212",
        "123123",
        "123321",
        "111222",
        "147258",
        "159357",
        "170845",
        "345678",
        "696969",
    ],
)
def test_a_pin_that_is_guessed_first_is_weak(pin: str) -> None:
    assert is_weak(pin)


@pytest.mark.parametrize("pin", ["402916", "730154", "118234", "135790"])
def test_other_digits_will_do(pin: str) -> None:
    assert not is_weak(pin, "+6281234567890")


def test_digits_of_the_own_number_are_weak() -> None:
    assert is_weak("567890", "+62 812-3456-7890")
    assert is_weak("812345", "+6281234567890")


@pytest.mark.parametrize("text", ["40291", "4029161", "40291a", "４０２９１６", "402916\n", ""])
def test_a_pin_is_six_plain_digits(text: str) -> None:
    assert not is_pin(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("123456", "mudah ditebak"), ("40291", "enam angka"), ("kata", "terlalu pendek")],
)
def test_what_is_weak_gets_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ValidationError) as refused:
        check_secret(text, User(phone="+6281234567890"))
    assert any(sentence in each for each in refused.value.messages)


@pytest.mark.parametrize("text", ["402916", "kopi tubruk pagi hari"])
def test_a_good_pin_and_a_good_password_pass(text: str) -> None:
    check_secret(text, User(phone="+6281234567890"))
