"""Captions of a channel: a rendition for each language, whose segments are those of the picture.

The address of a segment says what of which publication it is, and nothing of its text: so a
number means the same for ever, and captions may be written while their programme is on air.
Where there are none a segment is empty.
"""

from media_pipeline.model.languages import name_of

ALWAYS = "id"
"""What every channel offers: who turns captions on keeps them, whatever comes next."""

_PREFIX = "captions-"


def captions_in(language: str) -> str:
    """The name of the rendition of captions in `language`, a tag of BCP 47."""
    return _PREFIX + language


def language_of(rendition: str) -> str:
    """The language of a rendition of captions, "" for one of picture or sound."""
    return rendition.removeprefix(_PREFIX) if rendition.startswith(_PREFIX) else ""


def offered(languages: frozenset[str]) -> tuple[str, ...]:
    """What a channel whose programmes have captions in `languages` offers, in order of name."""
    known = {tag for tag in languages | {ALWAYS} if name_of(tag)}
    return tuple(sorted(known, key=lambda tag: (tag != ALWAYS, name_of(tag))))


def words_at(publication: str, language: str, place: int | str) -> str:
    """The address of a publication's captions in its segment `place`, from 0."""
    return f"/vod/{publication}/{_PREFIX}{language}-{place}.vtt"
