"""A descent that stops long before the bottom.

expects: gradient_is_zero
A fixed, small number of small steps has no way to know whether it has arrived.
"""


def fit_line(x, y):
    slope = intercept = 0.0
    step = 0.5 / float((x * x).mean() + 1)
    for _ in range(50):
        residual = y - slope * x - intercept
        slope, intercept = slope + step * float((residual * x).mean()), intercept + step * float(residual.mean())
    return slope, intercept
