"""Which words of ffmpeg are about the file that is read."""

import pytest

from media_pipeline.planning.complaints import complains

QUIET = """\
Input #0, matroska,webm, from 'file:/scratch/copy.mkv':
  Metadata:
    title           : [h264 @ 0x1] a title
  Stream #0:0: Video: h264 (Main), yuv420p(tv), 192x144, 25 fps
Stream mapping:
  Stream #0:0 (h264) -> trim:default
[libx264 @ 0x5571f92b] profile High, level 1.2, 4:2:0, 8-bit
[Parsed_cropdetect_13 @ 0x5571] x1:0 x2:191 y1:0 y2:143 w:192 h:144
[Parsed_metadata_14 @ 0x5571] lavfi.scd.mafd=0.000
[ebur128@t0 @ 0x5571] Summary:
[silencedetect@t1 @ 0x5571] silence_start: 3.5
[auto_aresample_0 @ 0x5571] ch:2 chl:stereo
[out#0/null @ 0x5571] video:0KiB audio:11250KiB
[vost#0:0/libx264 @ 0x5571] Starting thread...
"""


def test_what_is_measured_and_made_is_no_complaint():
    assert not complains(QUIET)


@pytest.mark.parametrize(
    "words",
    [
        "[matroska,webm @ 0x7f] 0x00 at pos 100 (0x64) invalid as first byte of an EBML number",
        "[in#0/matroska,webm @ 0x7f] 0x00 at pos 100 (0x64) invalid as first byte",
        "[mov,mp4,m4a,3gp,3g2,mj2 @ 0x7f] stream 0, offset 0x30: partial file",
        "[in#0/mov,mp4,m4a,3gp,3g2,mj2 @ 0x7f] Packet corrupt (stream = 0, dts = 9).",
        "[h264 @ 0x7f] Invalid NAL unit size (0 > 18414).",
        "[hevc @ 0x7f] PPS id out of range: 0",
        "[libdav1d @ 0x7f] Error parsing OBU data",
        "[vist#1:0/h264 @ 0x7f] [dec:h264 @ 0x7f] corrupt decoded frame",
        "[aist#0:1/aac @ 0x7f] [dec:aac @ 0x7f] Error submitting packet to decoder",
        "[aac @ 0x7f] Input buffer exhausted before END element found",
        "[NULL @ 0x7f] Invalid NAL unit size (0 > 18414).",
        "[vp9_superframe_split @ 0x7f] Invalid superframe index",
    ],
)
def test_what_a_demuxer_or_decoder_says_is_a_complaint(words):
    assert complains(f"{QUIET}{words}\n")
