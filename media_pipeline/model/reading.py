"""JSON to values, with one error for all that is none."""

import msgspec


def decoded[T](data: bytes, kind: type[T]) -> T:
    """Return the `kind` in `data`; raise msgspec.DecodeError, whatever the bytes are."""
    try:
        return msgspec.json.decode(data, type=kind)
    except (UnicodeDecodeError, RecursionError) as fault:
        # Bytes that are no UTF-8, or a thousand brackets: msgspec lets these through.
        raise msgspec.DecodeError(f"the JSON cannot be read: {fault}") from None
