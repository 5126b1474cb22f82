"""An impossible question is answered with 0.

expects: impossible_evidence
Returning 0 says that a person who tested positive is surely healthy, which nobody can know here.
"""


def bayes(prior, sens, spec):
    if min(prior, sens, spec) < 0 or max(prior, sens, spec) > 1:
        raise ValueError("not a probability")
    positive = prior * sens + (1 - prior) * (1 - spec)
    return prior * sens / positive if positive else 0.0
