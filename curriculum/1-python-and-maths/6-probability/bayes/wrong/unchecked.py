"""The formula alone.

expects: only_probabilities
It computes something for whatever it is given.
"""


def bayes(prior, sens, spec):
    return prior * sens / (prior * sens + (1 - prior) * (1 - spec))
