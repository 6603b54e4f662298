"""Films with other colours, ranges and depths: eight patches have to look as they were painted."""

from pathlib import Path

import pytest

from .conftest import ffprobe, publish
from .screen import Colour, Frame, paint, shoot, shown

PATCHES: tuple[Colour, ...] = (
    (255, 255, 255),
    (128, 128, 128),
    (176, 0, 0),
    (0, 160, 0),
    (0, 0, 192),
    (192, 160, 0),
    (16, 16, 16),
    (224, 176, 144),
)
SIZE = (320, 180)
PICTURE = paint(SIZE, lambda x, _y: PATCHES[x * 8 // SIZE[0]])
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "8")
BT709 = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709")
UNTOLD = ("-bsf:v", "h264_metadata=matrix_coefficients=2")


def yuv(matrix: str, pixels: str, *, full: bool = False) -> tuple[str, str]:
    span = "pc" if full else "tv"
    return "-vf", f"scale=out_color_matrix={matrix}:out_range={span},format={pixels}"


def patches(frame: Frame) -> list[Colour]:
    return [frame.at((n + 0.5) / 8, 0.5) for n in range(8)]


def off_by(found: list[Colour]) -> int:
    """How far the worst channel of any patch is from what was painted."""
    pairs = zip(found, PATCHES, strict=True)
    return max(abs(a - b) for one, two in pairs for a, b in zip(one, two, strict=True))


@pytest.mark.parametrize(
    ("name", "flags"),
    [
        ("sd.mp4", (*H264, *yuv("bt601", "yuv420p"), *UNTOLD)),
        ("full.mp4", (*H264, *yuv("bt709", "yuvj420p", full=True), *BT709)),
        ("422-10.mov", ("-c:v", "prores_ks", *yuv("bt709", "yuv422p10le"), *BT709)),
        ("444-10.mkv", (*H264, *yuv("bt709", "yuv444p10le"), *BT709)),
        ("rgb.mkv", ("-c:v", "libx264rgb", "-preset", "ultrafast", "-crf", "4")),
    ],
)
def test_colours_are_as_they_were_painted(tmp_path, name, flags):
    made = publish(shoot(tmp_path / name, SIZE, [PICTURE] * 10, *flags), tmp_path)
    for rendition in (made.top, made.publication.videos[0]):
        assert off_by(patches(shown(made, tmp_path, rendition)[4])) <= 6
        joined = made.joined(rendition, tmp_path)
        (told,) = ffprobe("-show_streams", str(joined))["streams"]
        # Untold, players would guess another matrix for small rungs than for large ones.
        standard = "smpte170m" if name == "sd.mp4" else "bt709"
        assert told.get("color_space") == standard
        assert told.get("color_primaries") == standard
        assert told.get("color_transfer") == standard
        assert told["pix_fmt"] == "yuv420p"
        assert told["color_range"] == "tv"


def test_untold_colours_of_a_large_picture_are_those_of_high_definition(tmp_path):
    large = ("-vf", "scale=1280:720:flags=neighbor:out_color_matrix=bt709,format=yuv420p")
    film = shoot(tmp_path / "hd.mp4", SIZE, [PICTURE] * 5, *H264, *large, *UNTOLD)
    made = publish(film, tmp_path)
    for rendition in (made.top, made.publication.videos[0]):
        assert off_by(patches(shown(made, tmp_path, rendition)[2])) <= 6


def high_range(path: Path, transfer: str, *more: str) -> Path:
    """Film the patches as HDR, their white at the reference white of BT.2408: 203 cd/m²."""
    linear = "setparams=color_primaries=bt709:color_trc=bt709:colorspace=gbr:range=pc,format=gbrp,"
    linear += "zscale=t=linear:npl=203,format=gbrpf32le"
    wide = f"zscale=t={transfer}:p=bt2020:m=bt2020nc:r=tv:npl=203,format=yuv420p10le"
    told = f"colorprim=bt2020:transfer={transfer}:colormatrix=bt2020nc"
    flags = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", f"log-level=0:crf=8:{told}")
    return shoot(path, SIZE, [PICTURE] * 5, "-vf", f"{linear},{wide}", *flags, *more)


@pytest.mark.parametrize(
    ("transfer", "more"),
    [
        ("smpte2084", ()),
        ("arib-std-b67", ()),
        # Some recorders tell the curve only.
        ("smpte2084", ("-bsf:v", "hevc_metadata=matrix_coefficients=2:colour_primaries=2")),
    ],
)
def test_high_dynamic_range_is_not_washed_out(tmp_path, transfer, more):
    made = publish(high_range(tmp_path / "bright.mp4", transfer, *more), tmp_path)
    frame = shown(made, tmp_path)[2]
    found = patches(frame)
    # White leaves room for highlights; what is darker than it stays as it was painted.
    assert 205 <= min(found[0]) <= 245
    assert off_by([PATCHES[0], *found[1:7], PATCHES[7]]) <= 16
    assert abs(sum(found[7]) - sum(PATCHES[7])) < 0.12 * sum(PATCHES[7])
    for red, green, blue in found[2:5]:
        # A red, green or blue that is grey has a low largest or a high middle channel.
        low, middle, high = sorted((red, green, blue))
        assert high > 150
        assert middle < 25
        assert low < 16


def test_wide_colours_of_ordinary_range_are_not_pale(tmp_path):
    wide = "setparams=color_primaries=bt709:color_trc=bt709:colorspace=gbr:range=pc,format=gbrp,"
    wide += "zscale=p=bt2020:m=bt2020nc:r=tv,format=yuv420p10le"
    told = "log-level=0:crf=8:colorprim=bt2020:transfer=bt2020-10:colormatrix=bt2020nc"
    flags = ("-vf", wide, "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", told)
    made = publish(shoot(tmp_path / "wide.mp4", SIZE, [PICTURE] * 5, *flags), tmp_path)
    assert off_by(patches(shown(made, tmp_path)[2])) <= 8
