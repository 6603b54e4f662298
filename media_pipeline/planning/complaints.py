"""What ffmpeg says of a file of which only a part is here. Pure."""

import re

_OURS = (
    # Filters by the names that ffmpeg or we give them, and those that it puts in itself.
    *(
        "Parsed_",
        "auto_",
        "ebur128@",
        "silencedetect@",
        "ametadata@",
        "graph",
        "AVFilterGraph",
        "sws",
        "SWR ",
    ),
    # What is made, and what makes it.
    *("libx264", "libsvtav1", "out#", "vost#", "aost#", "vf#", "af#", "fc#", "enc:"),
)
"""How those begin to speak whose words are about what is made, and not about the file.

All others (demuxers, decoders, parsers, threads that read) may have met zeros.
"""

_COMPLAINT = re.compile(rf"^\[(?!{'|'.join(map(re.escape, _OURS))})[^\]@\n]+ @ ", re.MULTILINE)


def complains(said: str) -> bool:
    """Whether `said`, at whatever level, has a word about the file that is read."""
    return _COMPLAINT.search(said) is not None
