"""What ffmpeg says of its progress is read while it is being written."""

from pathlib import Path

from media_pipeline.tools import last_told


def test_the_last_whole_line_counts(tmp_path: Path):
    listing = tmp_path / "progress"
    listing.write_text("frame=12\nout_time_us=480000\nprogress=continue\nframe=25\nout_ti")
    assert last_told(listing, "frame") == 25
    assert last_told(listing, "out_time_us") == 480_000
    listing.write_text("frame=25\nframe=3")
    assert last_told(listing, "frame") == 25


def test_what_is_not_known_yet_is_nothing(tmp_path: Path):
    listing = tmp_path / "progress"
    listing.write_text("")
    assert last_told(listing, "frame") == 0
    listing.write_text("frame=0\nout_time_us=N/A\n")
    assert last_told(listing, "out_time_us") == 0


def test_a_long_listing_is_read_at_its_end(tmp_path: Path):
    listing = tmp_path / "progress"
    listing.write_text("".join(f"frame={number}\nspeed=1x\n" for number in range(10_000)))
    assert last_told(listing, "frame") == 9_999
