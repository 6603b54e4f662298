"""What a demo article is made of. Videos, products, channels are named by their demo keys."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Paragraphs:
    """Rich text, in the features that an article's text may have."""

    html: str


@dataclass(frozen=True)
class Quote:
    """Somebody's words; nobody in particular."""

    text: str
    source: str


@dataclass(frozen=True)
class Video:
    """A film of the demo by its key."""

    film: str


@dataclass(frozen=True)
class Product:
    """A product of the demo by its slug."""

    slug: str


@dataclass(frozen=True)
class Live:
    """A channel of the demo by its slug."""

    channel: str


@dataclass(frozen=True)
class Links:
    """Links to other stories: (title, key of the story)."""

    heading: str
    stories: tuple[tuple[str, str], ...]


Block = Paragraphs | Quote | Video | Product | Live | Links


@dataclass(frozen=True)
class Story:
    """An article: whose, about what, and its blocks. `key` is its address and never changes."""

    key: str
    cooperative: str
    category: str
    title: str
    summary: str
    picture: str
    alt: str
    body: tuple[Block, ...]
