"""linear(X, W, b) = X W + b, row by row; compose: the one layer that equals two in a row."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, valid


@valid
def layer_fits(X, W, b):
    return (
        X.ndim == W.ndim == 2 and b.shape == (W.shape[1],) and X.shape[1] == W.shape[0] and 0 not in X.shape + b.shape
    )


@valid(of="compose")
def layers_fit(W1, b1, W2, b2):
    fits = W1.ndim == W2.ndim == 2 and b1.shape == (W1.shape[1],) and b2.shape == (W2.shape[1],)
    return fits and W1.shape[1] == W2.shape[0] and 0 not in W1.shape + W2.shape


@cases(of="linear")
def square(rng):
    """All sizes equal: nothing but the values can tell one order from another."""
    d = int(rng.integers(2, 5))
    yield rng.normal(size=(d, d)), rng.normal(size=(d, d)), rng.normal(size=d)


@cases(of="linear")
def layers(rng):
    d, k = 3, int(rng.integers(4, 7))
    yield rng.normal(size=(k + 2, d)), rng.normal(size=(d, k)), rng.normal(size=k)
    yield rng.normal(size=(1, k)), rng.normal(size=(k, d)), rng.normal(size=d)
    yield rng.integers(-5, 6, size=(4, d)), rng.integers(-5, 6, size=(d, 1)), rng.integers(1, 6, size=1)


@cases(of="compose")
def square_pairs(rng):
    """All sizes equal: the order of the product shows in the values alone."""
    d = int(rng.integers(2, 5))
    yield rng.normal(size=(d, d)), rng.normal(size=d), rng.normal(size=(d, d)), rng.normal(size=d)


@cases(of="compose")
def pairs(rng):
    d, h, k = (int(size) for size in rng.permutation([2, 3, 5]))
    yield rng.normal(size=(d, h)), rng.normal(size=h), rng.normal(size=(h, k)), rng.normal(size=k)
    yield rng.normal(size=(d, h)), rng.normal(size=h), rng.normal(size=(h, 1)), rng.normal(size=1)


@misconception
def elementwise(X, W, b):
    """`*` multiplied entry by entry; a layer needs the matrix product.

    In mathematics two matrices side by side are multiplied row by column. NumPy's `*` pairs entries at the same place
    instead. It raises an error on most shapes, but on square ones, or wherever broadcasting finds a way, it answers
    without a word."""
    return X * W + b


@misconception
def weights_transposed(X, W, b):
    """Each output uses a row of `W`; it should use a column.

    PyTorch stores a layer's weights as `(k, d)` and transposes them when it applies them, so `X @ W.T` looks
    familiar. Here the weights are `(d, k)` already. A square `W` hides the difference from the shapes, but not from
    the values."""
    return X @ W.T + b


@misconception
def weights_first(X, W, b):
    """The weights are multiplied from the wrong side.

    A textbook writes `W x` because its vectors are columns. Your examples are rows, so the order turns round. The two
    products are different matrices: `A B` is not `B A`, even where both exist."""
    return W @ X + b


@misconception
def bias_forgotten(X, W, b):
    """Each output is off by its bias.

    Without it, every layer maps zeros to zeros, and a line can only go through the origin."""
    return X @ W


@misconception
def bias_for_each_example(X, W, b):
    """The biases go down the rows; there should be one for each output.

    As a column of shape `(k, 1)` a bias is paired with examples. A plain vector of shape `(k,)` is lined up with the
    *last* axis, which is where the outputs are."""
    return X @ W + b[:, None]


@misconception(of="compose")
def order_reversed(W1, b1, W2, b2):
    """The two weight matrices are multiplied in the wrong order.

    With columns, as textbooks have it, the layer that acts first stands on the right: `W₂ W₁ x`. Your examples are
    rows and meet the matrices from left to right. The order of a matrix product is the order of composition, and
    `A B` is not `B A`."""
    return W2 @ W1, b1 @ W2 + b2


@misconception(of="compose")
def column_convention(W1, b1, W2, b2):
    """The layers are composed as if the examples were columns.

    With columns, as textbooks have it, the layer that acts first stands on the right: `W₂ (W₁ x + b₁) + b₂`. Your
    examples are rows and meet the matrices from left to right. The order of a matrix product is the order of
    composition, and `A B` is not `B A`."""
    return W2 @ W1, W2 @ b1 + b2


@misconception(of="compose")
def order_reversed_biases_added(W1, b1, W2, b2):
    """The two weight matrices are multiplied in the wrong order.

    With columns, as textbooks have it, the layer that acts first stands on the right: `W₂ W₁ x`. Your examples are
    rows and meet the matrices from left to right: `A B` is not `B A`. Once that is mended, look at the biases: the
    first one has a way to go, too."""
    return W2 @ W1, b1 + b2


@misconception(of="compose")
def biases_added(W1, b1, W2, b2):
    """The bias of the first layer did not go through the second one.

    It is tempting to treat biases as mere offsets that add up. But the second layer receives whatever the first one
    hands over, its bias included, and multiplies all of it."""
    return W1 @ W2, b1 + b2


@misconception(of="compose")
def first_bias_lost(W1, b1, W2, b2):
    """The bias of the first layer has disappeared.

    Put an example of all zeros through both layers: the first one hands its bias to the second. What comes out is more
    than the second bias."""
    return W1 @ W2, b2


@misconception(of="compose")
def weights_elementwise(W1, b1, W2, b2):
    """`*` multiplied the weights entry by entry; composing needs the matrix product.

    NumPy's `*` pairs entries at the same place. One layer after another mixes every output of the first into every
    output of the second, which is what the matrix product does."""
    return W1 * W2, b1 @ W2 + b2


@behaviour("one composed layer does what the two layers do one after the other")
def stacking_equals_composed(student, rng):
    """Two linear layers in a row are a linear layer. Whatever your conventions, your own two functions have to agree
    with each other on this."""
    n, d, h, k = 3, 4, 2, 5
    X, W1, b1 = rng.normal(size=(n, d)), rng.normal(size=(d, h)), rng.normal(size=h)
    W2, b2 = rng.normal(size=(h, k)), rng.normal(size=k)
    stacked = student.linear(student.linear(X, W1, b1), W2, b2)
    composed = student.linear(X, *student.compose(W1, b1, W2, b2))
    if not np.allclose(stacked, composed, rtol=1e-8, atol=1e-10):
        fail(
            "The composed layer does not do what the two layers do.",
            case=(X, W1, b1, W2, b2),
            expected=stacked,
            actual=composed,
        )
