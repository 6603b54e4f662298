"""A proof as a page of a PDF and as a picture."""

from cms.audience.proofs.drawing.issued import Issued
from cms.audience.proofs.drawing.pdf import pdf_of
from cms.audience.proofs.drawing.picture import picture_of

__all__ = ["Issued", "pdf_of", "picture_of"]
