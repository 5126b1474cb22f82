from collections.abc import Mapping, Sequence

Summary = tuple[int, float, float]


def aggregate(parts: Sequence[Mapping[str, Summary]]) -> dict[str, Summary]:
    """Merge the summaries of many parts into that of the whole.

    parts: for each worker, (n, mean, population variance) by group. Returns the same for all rows together.
    """
    whole: dict[str, Summary] = {}
    for part in parts:
        for group, summary in part.items():
            whole[group] = merged(whole[group], summary) if group in whole else summary
    return whole


def merged(one: Summary, other: Summary) -> Summary:
    """The summary of the rows of both."""
    (n, mean, variance), (m, center, spread) = one, other
    if n == 0 or m == 0:
        return one if m == 0 else other
    share = m / (n + m)
    apart = center - mean
    within = variance + share * (spread - variance)
    return n + m, mean + share * apart, within + share * (1 - share) * apart**2
