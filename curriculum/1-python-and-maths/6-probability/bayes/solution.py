def bayes(prior: float, sens: float, spec: float) -> float:
    """Return the probability of the condition after a positive test.

    prior: P(condition). sens: P(positive | condition). spec: P(negative | no condition). All between 0 and 1.
    Raises ValueError when one of them is not, or when a positive test is impossible.
    """
    if not all(0 <= probability <= 1 for probability in (prior, sens, spec)):
        raise ValueError("probabilities lie between 0 and 1")
    found = prior * sens  # sick and positive
    false_alarms = (1 - prior) * (1 - spec)  # healthy and positive
    if found + false_alarms == 0:
        raise ValueError("nobody can test positive, so there is nothing to condition on")
    return found / (found + false_alarms)
