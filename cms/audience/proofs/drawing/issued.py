"""What is drawn of an issued proof."""

from dataclasses import dataclass
from datetime import datetime

from cms.audience.proofs.document import Document, Names


@dataclass(frozen=True)
class Issued:
    """A document with its number, its code as people read it, and the address to look it up."""

    number: str
    code: str
    url: str
    issued_at: datetime
    document: Document
    people: Names | None
