"""Phone numbers as people write them, and as they are kept."""

import pytest
from django.core.exceptions import ValidationError

from cms.core import phone


@pytest.mark.parametrize(
    "written",
    [
        "081234567890",
        "0812-3456-7890",
        "+62 812 3456 7890",
        "62812 34567890",
        " (0812) 3456.7890 ",
        "0062 812 3456 7890",
        "81234567890",
        "+62 (0)812-3456-7890",
        "0812.3456.7890 (WA)",
        "wa.me/6281234567890",
        "０８１２３４５６７８９０",
        "\u202a+62 812-3456-7890\u202c",
    ],
)
def test_every_usual_way_of_writing_a_number_is_one_number(written):
    assert phone.normalise(written) == "+6281234567890"


@pytest.mark.parametrize("written", ["", "12", "halo", "0812", "+62", "0" * 40, "+1 555"])
def test_what_can_be_no_number_gets_one_sentence(written):
    with pytest.raises(ValidationError) as refused:
        phone.normalise(written)
    assert refused.value.messages == ["Nomor telepon belum benar. Tulis seperti 0812-3456-7890."]


def test_a_number_from_abroad_keeps_its_country():
    assert phone.normalise("+60 12-345 6789") == "+60123456789"
    assert phone.local("+60123456789") == "+60 12-345 6789"


def test_the_chat_link_carries_the_whole_message():
    link = phone.wa_link("+6281234567890", "Bu, cabai 1 kg & bawang? #5")
    assert link == (
        "https://wa.me/6281234567890?text=Bu%2C%20cabai%201%20kg%20%26%20bawang%3F%20%235"
    )


@pytest.mark.parametrize("written", ["0812 3456 789O1", "628123456789O", "O812 3456 7890"])
def test_a_letter_among_the_digits_is_no_number_of_somebody_else(written):
    with pytest.raises(ValidationError):
        phone.normalise(written)
