"""A channel as MPEG-TS: one low rung with its sound, for VLC 3 and boxes that take nothing else."""

TRANSPORT = "ts"
"""The name of the rendition: picture and sound in one, without maps."""


def transport_at(publication: str, place: int) -> str:
    """The address of a segment of a publication as MPEG-TS."""
    return f"/vod/{publication}/{TRANSPORT}-{place}.ts"
