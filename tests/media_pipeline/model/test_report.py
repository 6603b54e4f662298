"""The report in publication.json."""

from datetime import UTC, datetime

from media_pipeline.model.publication import Publication, decode_publication, encode_publication
from media_pipeline.model.report import Finding


def publication(**given: object) -> Publication:
    created = datetime(2026, 11, 24, tzinfo=UTC)
    known = {"id": "a" * 32, "state": "whole", "created": created, "frame_rate": 25}
    return Publication(**known, width=320, height=180, renditions=(), **given)


def test_findings_come_back_as_they_were_written():
    report = (
        Finding("raised", {"decibels": 9.1}),
        Finding("portrait"),
        Finding("languages", {"languages": ("id", "jv")}),
    )
    made = publication(report=report)
    assert decode_publication(encode_publication(made)) == made


def test_a_publication_without_a_report_stays_readable():
    written = encode_publication(publication())
    assert b"report" not in written
    assert decode_publication(written).report == ()
