"""Arrays as files: npy, format 1.0, written and mapped without parsing a header.

Owns: which types and shapes are stored, the bytes a file begins with, what is refused.
Does not know: artifacts, hashes, what an array means.

numpy reads a header with a parser for Python literals. Here the bytes that belong to a shape and a type are
known beforehand, and a file must begin with exactly these: nothing a stranger wrote is interpreted.
"""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

TYPES = frozenset({"<f8", "<f4", "<i8", "<i4", "<i2", "<u4", "|u1", "|i1", "|b1"})
MAX_AXES = 3
#: No array of a model comes near; numpy's own limits lie above it.
MAX_ENTRIES = 1 << 48


def write_array(path: Path, array: npt.NDArray[Any]) -> dict[str, Any]:
    """Write `array` to `path`, little-endian and C-contiguous; return its shape and type as a manifest lists them.

    Raises ValueError for an array that `map_array` would refuse: a fault in the room that made it.
    """
    # scikit-learn hands out Fortran-ordered arrays, and other byte orders exist: one form on disk.
    array = np.asarray(array, dtype=array.dtype.newbyteorder("<"), order="C")
    shape, dtype = array.shape, array.dtype.str
    if not _is_stored(shape, dtype):
        raise ValueError(f"{path.name}: arrays of shape {shape} and type {array.dtype} are not stored")
    _check_finite(array, path.name)
    with path.open("wb") as file:
        file.write(header(shape, dtype))
        # Not `tofile`: on a full disk it says how many entries are missing, and not why.
        file.write(array.reshape(-1).view(np.uint8).data)
    return {"shape": list(shape), "dtype": dtype}


def map_array(path: Path, shape: tuple[Any, ...], dtype: Any) -> npt.NDArray[Any]:  # noqa: ANN401 - a manifest may hold anything
    """Return the array in `path`, memory-mapped and read-only. Raises ValueError where it is not exactly what is described."""
    if not _is_stored(shape, dtype):
        raise ValueError(f"shape {str(shape)[:100]} or type {str(dtype)[:100]!r} is not one that is written")
    begin, size = header(shape, dtype), math.prod(shape) * np.dtype(dtype).itemsize
    with path.open("rb") as file:
        if file.read(len(begin)) != begin or os.fstat(file.fileno()).st_size != len(begin) + size:
            raise ValueError("it does not have the shape and type that the manifest gives")
    if not size:
        return np.zeros(shape, dtype)
    array: npt.NDArray[Any] = np.memmap(path, dtype=dtype, mode="r", offset=len(begin), shape=shape)
    _check_finite(array, "it")
    return array


def _is_stored(shape: tuple[Any, ...], dtype: Any) -> bool:  # noqa: ANN401 - a manifest may hold anything
    return (
        isinstance(dtype, str)
        and dtype in TYPES
        and len(shape) <= MAX_AXES
        and all(type(n) is int and n >= 0 for n in shape)
        and math.prod(max(n, 1) for n in shape) < MAX_ENTRIES
    )


def _check_finite(array: npt.NDArray[Any], name: str) -> None:
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise ValueError(f"{name} holds numbers that are not finite")


def header(shape: tuple[int, ...], dtype: str) -> bytes:
    """Return the bytes before the data, as numpy writes them; made here, so that no version of numpy changes them."""
    described = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape!r}, }}"
    # numpy leaves room for the first axis to grow to 21 digits, and aligns the data to 64 bytes.
    described += " " * (21 - len(repr(shape[0])) if shape else 0)
    described += " " * (-(10 + len(described) + 1) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + len(described).to_bytes(2, "little") + described.encode("latin-1")
