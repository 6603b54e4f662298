"""Anybody compares a proof with what was issued and with the record; a code that is none says so."""

from datetime import UTC, datetime, timedelta

import pytest

from cms.audience.devices import Devices
from cms.audience.models import HourCount, ReachDay
from cms.audience.proofs import verify
from cms.audience.proofs.actions import do_forget_names
from cms.audience.proofs.models import Proof
from cms.channels.asrun.promoted import Makegood, SegmentAiring

pytestmark = pytest.mark.django_db


def test_a_true_code_shows_the_proof_and_that_the_record_agrees(client, proof):
    response = client.get(proof.path)
    page = response.content.decode()
    assert response.status_code == 200
    assert "Bukti ini asli" in page
    assert "Catatan kami hari ini sama dengannya" in page
    for text in (proof.number, "Lapak Bumbu (contoh), Blok A-12", "Waktunya dipakai azan."):
        assert text in page
    assert "Senin 2 November 2026, 09.38\u00a0WIB" in page
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in response["Cache-Control"]


SAME = "Catatan kami hari ini sama dengannya"
MORE = "Bukti ini asli, dan catatan kami dari masa itu sudah bertambah"
OTHER = "Bukti ini asli, tetapi catatan kami dari masa itu kini berbeda"


def figures(page: str, name: str) -> str:
    """The row of the comparison that is called `name`."""
    return page.split(f'<th scope="row">{name}')[1].split("</tr>")[0]


def test_what_was_recorded_since_stands_beside_the_proof(client, proof, november, put_on_air):
    put_on_air(november, datetime(2026, 11, 20, 3, tzinfo=UTC))
    page = client.get(proof.path).content.decode()
    assert MORE in page
    assert "1 tayangan dari masa itu baru tercatat sesudah bukti terbit." in page
    row = figures(page, "Dijanjikan")
    assert row.count("berbeda") == 1
    assert row.index(">4<") < row.index(">5<")


def test_what_came_after_the_proof_is_no_difference(client, proof, november, put_on_air, now):
    put_on_air(november, now + timedelta(hours=1))
    HourCount.objects.create(key=november.key, hour=now, place="siaran", impressions=9, taps=4)
    ReachDay.objects.create(key=november.key, day=now.date(), devices=7)
    HourCount.objects.create(
        key=november.key, hour=now - timedelta(days=3), place="siaran", impressions=50
    )
    page = client.get(proof.path).content.decode()
    assert SAME in page
    assert "berbeda" not in page


def test_a_replacement_after_the_proof_is_no_difference_and_one_before_it_is(
    client, proof, november, put_on_air, now
):
    cut = SegmentAiring.objects.get(status="cut")
    later = put_on_air(november, now + timedelta(days=1), makes_good=True)
    made = Makegood.objects.create(debt=cut, replacement=later, linked=now)
    assert SAME in client.get(proof.path).content.decode()
    before = put_on_air(november, now - timedelta(days=1), makes_good=True)
    Makegood.objects.filter(pk=made.pk).update(replacement=before)
    page = client.get(proof.path).content.decode()
    assert MORE in page
    assert "Pengganti untuk 1 tayangan baru tercatat sesudah bukti terbit." in page


def test_an_airing_that_is_told_otherwise_or_is_gone_is_said(client, proof, november):
    SegmentAiring.objects.filter(status="cut").update(status="aired", shown_ms=15_000, why="")
    page = client.get(proof.path).content.decode()
    assert OTHER in page
    assert "1 tayangan kini tercatat lain daripada di bukti." in page
    SegmentAiring.objects.filter(status="aired", makes_good=False).delete()
    page = client.get(proof.path).content.decode()
    assert OTHER in page
    assert "3 tayangan di bukti tidak ada lagi di catatan kami." in page


@pytest.mark.parametrize(("taps", "head"), [(3, SAME), (5, MORE), (2, OTHER)])
def test_taps_of_hours_that_were_over_are_compared(client, issue, november, now, taps, head):
    hours = HourCount.objects.filter(key=november.key)
    hour = now - timedelta(days=2)
    HourCount.objects.create(key=november.key, hour=hour, place="siaran", taps=3)
    proof = issue(november)
    hours.update(taps=taps)
    page = client.get(proof.path).content.decode()
    assert head in page
    assert ("Ketukan dari masa itu kini tercatat lain." in page) == (head != SAME)


@pytest.mark.parametrize(("devices", "head"), [(12, SAME), (13, MORE), (11, OTHER)])
def test_reach_of_days_that_were_over_is_compared(client, issue, november, now, devices, head):
    days = ReachDay.objects.filter(key=november.key)
    ReachDay.objects.create(key=november.key, day=now.date() - timedelta(days=3), devices=12)
    proof = issue(november)
    days.update(devices=devices)
    page = client.get(proof.path).content.decode()
    assert head in page
    assert ("Jangkauan dari masa itu kini tercatat lain." in page) == (head != SAME)


def test_a_proof_that_was_altered_in_the_database_is_called_so(client, proof):
    Proof.objects.filter(pk=proof.pk).update(facts=proof.facts | {"taps": 999})
    page = client.get(proof.path).content.decode()
    assert "Isi bukti ini sudah diubah" in page
    assert "Bukti ini asli" not in page


def test_a_code_with_one_letter_changed_belongs_to_no_proof(client, proof):
    last = "0" if proof.code[-1] != "0" else "1"
    response = client.get(f"/b/{proof.code[:-1]}{last}/")
    assert response.status_code == 404
    page = response.content.decode()
    assert "Tidak ada Bukti Tayang dengan kode ini" in page
    assert "Lapak Bumbu" not in page


def test_a_number_alone_opens_nothing_and_does_not_tell_whether_there_is_one(client, proof):
    there, not_there = client.get(f"/b/{proof.number}/"), client.get("/b/BT-9-2026-0009/")
    assert (there.status_code, not_there.status_code) == (404, 404)
    pages = [each.content.decode() for each in (there, not_there)]
    assert pages[0].replace(proof.number, "BT-9-2026-0009") == pages[1]
    assert "Nomor bukti saja tidak cukup." in pages[0]


@pytest.mark.parametrize("typed", ["%00", "<script>", "ü" * 300, "..", "7K4M"])
def test_what_is_no_code_gets_a_sentence(client, db, typed):
    response = client.get("/b/", {"kode": typed})
    assert response.status_code == 404
    assert "Ini bukan kode tanda" in response.content.decode()
    assert "<script>" not in response.content.decode().replace("<script type", "")


def test_the_form_takes_the_code_however_it_is_typed(client, proof):
    response = client.get("/b/", {"kode": f" {proof.code.lower()} "})
    assert response.url == proof.path
    assert client.get("/b/").status_code == 200


def test_guessing_is_slowed_down_and_the_wait_tells_nothing(client, proof):
    for _ in range(verify.GUESSES):
        client.get("/b/000000000000/")
    assert client.get("/b/000000000000/").status_code == 429
    late = client.get(proof.path)
    assert late.status_code == 429
    assert late["Retry-After"] == "60"
    assert "Lapak Bumbu" not in late.content.decode()


def test_the_paper_and_the_picture_are_there_for_who_has_the_code(client, proof):
    paper, picture = client.get(f"{proof.path}bukti.pdf"), client.get(f"{proof.path}kartu.png")
    assert paper.content.startswith(b"%PDF-")
    assert proof.number in paper["Content-Disposition"]
    assert picture.content.startswith(b"\x89PNG")
    for name in ("bukti.pdf", "kartu.png"):
        assert client.get(f"/b/0000-0000-0000/{name}").status_code == 404


def test_a_link_that_is_sent_on_has_a_picture(client, proof):
    page = client.get(proof.path).content.decode()
    assert f'<meta property="og:image" content="http://testserver{proof.path}kartu.png">' in page


def test_whose_name_was_forgotten_is_not_named_and_the_proof_holds(client, proof, stall_a):
    do_forget_names([stall_a.pk])
    page = client.get(proof.path).content.decode()
    assert "Bukti ini asli" in page
    assert "Catatan kami hari ini sama dengannya" in page
    for name in ("Lapak Bumbu", "Sambal bawang", "A-12"):
        assert name not in page


def test_a_proof_of_a_segment_that_is_gone_is_compared_all_the_same(client, proof, november):
    november.delete()
    page = client.get(proof.path).content.decode()
    assert "Catatan kami hari ini sama dengannya" in page


def test_an_old_proof_is_shown_without_a_record_that_is_not_kept(client, proof, frozen):
    frozen.shift(timedelta(days=401))
    page = client.get(proof.path).content.decode()
    assert "sudah tidak disimpan lagi" in page
    assert "Hari ini" not in page


def test_the_page_is_english_where_english_is_chosen(client, proof):
    client.cookies["django_language"] = "en"
    page = client.get(proof.path).content.decode()
    for text in ("This proof is genuine", "promised", "Monday 2 November 2026, 09:38\u00a0WIB"):
        assert text in page
    for text in ("Waktunya dipakai", "Terpotong", "dijanjikan"):
        assert text not in page


def test_guessing_from_many_addresses_of_one_network_is_slowed_down_too(client, db, monkeypatch):
    monkeypatch.setattr(verify, "guesses", Devices(rate=2))
    codes = [
        client.get("/b/000000000000/", REMOTE_ADDR=address).status_code
        for address in ("2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1")
    ]
    assert codes == [404, 404, 429, 404]
