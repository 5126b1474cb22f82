"""Right, except for numbers of 8 bits.

expects: pixels_wrap_around
The products are computed in the type of the input, where they do not fit.
"""


def dot(u, v):
    if u.shape[-1] != v.shape[-1]:
        raise ValueError("lengths differ")
    return (u * v).sum(axis=-1).astype(float)
