import time
from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError

from cms.videos.fields.captions import MAX_BYTES, text_of_upload

GOOD = b"WEBVTT\n\n00:01.000 --> 00:04.000\nSelamat pagi\n\n00:05.000 --> 00:06.500 line:0\nPasar\n"


def test_a_file_as_editors_save_it_is_taken_with_its_byte_order_mark_removed():
    text = text_of_upload(b"\xef\xbb\xbf" + GOOD.replace(b"\n", b"\r\n"))
    assert text == GOOD.decode()


def test_subrip_is_kept_as_webvtt():
    srt = (
        "\ufeff1\r\n00:00:01,5 --> 0:00:04,000 X1:10 X2:20\r\n"
        '{\\an8}<font color="#fff"><I>Selamat</I> pagi & salam</font>\r\n\r\n'
        "2\r\n00:00:05,000 --> 00:00:06,500\r\n3 < 5 kg\r\n"
    )
    assert text_of_upload(srt.encode()) == (
        "WEBVTT\n\n1\n00:00:01.500 --> 00:00:04.000\n<i>Selamat</i> pagi &amp; salam\n\n"
        "2\n00:00:05.000 --> 00:00:06.500\n3 &lt; 5 kg\n"
    )


def test_a_wrong_line_of_subrip_is_named_as_it_stands_in_the_file():
    srt = b"1\n00:00:01,000 --> 00:00:02,000\na\n\n2\n00:03 --> 00:00:04,000\nb\n"
    with pytest.raises(ValidationError, match="Baris 6 takarir"):
        text_of_upload(srt)


@pytest.mark.parametrize("piece", ["<", "<b", "{\\", "&", "0", "9:", " ", "<>", "--> "])
def test_hostile_subrip_costs_no_more_than_its_length(piece):
    start = "1\n00:00:01,000 --> 00:00:02,000\n"
    data = (start + piece * MAX_BYTES)[:MAX_BYTES].encode()
    began = time.process_time()
    with suppress(ValidationError):
        text_of_upload(data)
    assert time.process_time() - began < 2


def test_twenty_texts_may_stand_at_once_and_more_one_after_the_other():
    at_once = "\n00:01.000 --> 00:02.000\na\n" * 20
    text_of_upload(f"WEBVTT\n{at_once}\n00:02.000 --> 00:03.000\nb\n".encode())


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "no_header"),
        (b"1\n<b>no times</b>\n", "no_header"),
        (b"1\n00:00:01,000 --> 00:00:61,000\nSubRip\n", "bad_time"),
        (b"1\n00:00:04,000 --> 00:00:01,000\nSubRip\n", "end_before_start"),
        (b"\n" * 999_999 + b"1", "no_header"),
        (b"WEBVTT\n\nno cue at all\n", "no_cues"),
        (b"WEBVTT\n\n00:01,000 --> 00:02,000\ncomma\n", "bad_time"),
        (b"WEBVTT\n\n00:04.000 --> 00:01.000\nbackwards\n", "end_before_start"),
        (b"WEBVTT\n\n00:04.000 --> 00:05.000\na\n\n00:01.000 --> 00:02.000\nb\n", "out_of_order"),
        (b"WEBVTT\n" + b"\n00:01.000 --> 00:02.000\na\n" * 21, "crowded"),
        (b"\xff\xfe\x00W", "not_text"),
        (b"WEBVTT\n" + b"x" * 1_000_001, "too_big"),
    ],
)
def test_what_is_no_webvtt_gets_one_sentence(data, code):
    with pytest.raises(ValidationError) as raised:
        text_of_upload(data)
    assert raised.value.code == code
    assert len(raised.value.messages) == 1
