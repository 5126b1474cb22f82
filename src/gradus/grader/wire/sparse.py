"""The codec's rules for SciPy's sparse matrices and arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp

from gradus.grader.wire.codec import DECODERS, ENCODERS, NotData, Reader, WireError, Writer

_FORMATS = ("csr", "csc", "coo", "bsr", "dia", "lil", "dok")
_CLASSES = {f"{form}_{kind}": getattr(sp, f"{form}_{kind}") for form in _FORMATS for kind in ("array", "matrix")}


def _sparse(writer: Writer, value: Any) -> None:
    if len(value.shape) != 2:
        raise NotData
    writer.raw(b"S")
    writer.text(type(value).__name__)
    writer.write(tuple(int(side) for side in value.shape))
    if value.format in ("csr", "csc"):
        parts = (value.data, value.indices, value.indptr)
    else:
        coo = value.tocoo()
        parts = (coo.data, coo.row, coo.col)
    for part in parts:
        writer.write(np.asarray(part))


def _read_sparse(reader: Reader) -> Any:
    name, shape = reader.text(), reader.expect(tuple)
    kind = _CLASSES.get(name)
    if kind is None or len(shape) != 2 or any(type(side) is not int or not 0 <= side < 2**31 for side in shape):
        raise WireError("a sparse matrix of an unknown kind")
    data, first, second = (reader.expect(np.ndarray) for _ in range(3))
    if any(part.ndim != 1 for part in (data, first, second)) or first.dtype.kind != "i" or second.dtype.kind != "i":
        raise WireError("a sparse matrix has parts that do not fit")
    form = name[:3]
    if form in ("csr", "csc"):
        matrix = kind((data, first, second), shape=shape)
        # SciPy's C code trusts the indices, so they are checked in full before anything reads them.
        matrix.check_format(full_check=True)
        return matrix
    if form in ("bsr", "dia", "lil", "dok") and max(shape, default=0) > 1 << 22:
        raise WireError("a sparse matrix is too large for its format")
    coo = (sp.coo_array if name.endswith("array") else sp.coo_matrix)((data, (first, second)), shape=shape)
    if form == "dia" and len(np.unique(second.astype(np.int64) - first)) * (shape[1] + 1) > 1 << 24:
        raise WireError("a sparse matrix is too large for its format")
    return getattr(coo, f"to{form}")()


def register() -> None:
    """Make the rules known to the codec."""
    for kind in _CLASSES.values():
        ENCODERS[kind] = _sparse
    DECODERS[ord("S")] = _read_sparse
