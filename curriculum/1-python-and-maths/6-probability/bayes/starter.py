def bayes(prior: float, sens: float, spec: float) -> float:
    """Return the probability of the condition after a positive test.

    prior: P(condition). sens: P(positive | condition). spec: P(negative | no condition). All between 0 and 1.
    Raises ValueError when one of them is not, or when a positive test is impossible.
    """
    raise NotImplementedError
