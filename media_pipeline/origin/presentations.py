"""What may change about a programme while its bytes do not, as it lies in the store."""

from media_pipeline.model.keys import presentation_file
from media_pipeline.model.rundown import Presentation, decode_presentation
from media_pipeline.stores import Store


def presentation_of(store: Store, publication: str) -> Presentation:
    """Return what is said of `publication`, nothing where nothing is.

    Raises StoreUnavailable, and what `decode_presentation` does.
    """
    data = store.read(presentation_file(publication))
    return decode_presentation(data) if data else Presentation(publication)
