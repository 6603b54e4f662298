"""Hostile bytes and values, and how many of them are tried.

`SIAR_FUZZ_EXAMPLES=50000 pytest tests/media_pipeline/fuzz` looks longer, and elsewhere each time.
"""

import json
import os
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

LONG = os.environ.get("SIAR_FUZZ_EXAMPLES")

fuzzing = settings(
    max_examples=int(LONG or 200),
    derandomize=not LONG,  # the same in every run of the tests: no failure by chance
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)

numbers = st.one_of(
    st.integers(-(2**65), 2**65),
    st.sampled_from([0, -1, 2**31, 2**32 - 1, 2**63, 2**64 - 1, 10**400]),
    st.floats(allow_nan=False, allow_infinity=False),
)
texts = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "N/A",
            "inf",
            "nan",
            "-inf",
            "1e400",
            "0/0",
            "1/0",
            "0/1",
            "1/" + "9" * 5000,
            "9" * 5000,
            "٣/٤",
            "²",
            "-5",
            "1:0",
            "0:1",
            "65535:1",
            "../x",
            "\x00",
            "a" * 100000,
        ]
    ),
)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, texts),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)


@st.composite
def changed_json(draw: Callable[..., Any], good: bytes) -> bytes:
    """`good` with up to three of its values changed, taken out, or doubled."""
    value = json.loads(good)
    for _ in range(draw(st.integers(1, 3))):
        _change(draw, value)
    return json.dumps(value).encode()


def _change(draw: Callable[..., Any], value: Any) -> None:
    """Walk down at random and change what is found."""
    while isinstance(value, dict | list) and value:
        key = draw(st.sampled_from(sorted(value) if isinstance(value, dict) else range(len(value))))
        inner = value[key]
        if isinstance(inner, dict | list) and inner and draw(st.integers(0, 3)):
            value = inner
            continue
        deed = draw(st.integers(0, 3))
        if deed == 0:
            del value[key]
        elif deed == 1 and isinstance(value, list):
            value.append(inner)
        else:
            value[key] = draw(values)
        return


@st.composite
def changed_bytes(draw: Callable[..., Any], good: bytes) -> bytes:
    """`good` with bytes changed, taken out, put in, or cut off."""
    data = bytearray(good)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        deed = draw(st.integers(0, 4))
        if deed == 0:
            data[at : at + 1] = draw(st.binary(max_size=4))
        elif deed == 1:
            data[at : at + 4] = draw(
                st.sampled_from([b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff"])
            )
        elif deed == 2:
            del data[at : at + draw(st.integers(1, 64))]
        elif deed == 3:
            data = data[:at]
        else:
            data[at:at] = data[: draw(st.integers(1, 64))]
    return bytes(data)


def anything(good: bytes, changed: Callable[[bytes], Any] = changed_bytes) -> Any:
    """Mostly `good` with changes, sometimes noise."""
    return st.one_of(changed(good), changed(good), changed(good), st.binary(max_size=300))
