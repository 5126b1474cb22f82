"""canary(failed, usual, bad, alpha, beta): Wald's sequential test, request by request."""

from math import log, sqrt

from gradus.checks import behaviour, cases, fail, misconception, valid


@valid
def rates(failed, usual, bad, alpha, beta):
    return 0 < usual < bad < 1 and 0 < alpha < 0.5 and 0 < beta < 0.5


@cases
def streams(rng):
    """Good, bad and middling canaries, long and short; bounds that differ."""
    for usual, bad, alpha, beta in ((0.05, 0.2, 0.05, 0.2), (0.1, 0.3, 0.01, 0.1), (0.03, 0.12, 0.02, 0.3)):
        for rate in (usual, bad, (usual + bad) / 2, 0.6):
            yield (rng.random(120) < rate).tolist(), usual, bad, alpha, beta
    late = [False] * 10 + [True] * 12
    yield late, 0.05, 0.3, 0.001, 0.001
    yield [True, False, False], 0.05, 0.5, 0.01, 0.1
    yield [True] * 4, 0.05, 0.3, 0.05, 0.1
    yield [False] * 40, 0.1, 0.3, 0.05, 0.1
    yield [False, True] * 15, 0.2, 0.4, 0.05, 0.05
    yield [True, True], 0.05, 0.5, 0.01, 0.1
    yield [False] * 4, 0.05, 0.5, 0.01, 0.1
    yield [], 0.1, 0.2, 0.05, 0.05


def _test(failed, usual, bad, high, low, success=True):
    evidence = 0.0
    for seen, failure in enumerate(failed, start=1):
        evidence += log(bad / usual) if failure else success and log((1 - bad) / (1 - usual))
        if evidence >= high:
            return "rollback", seen
        if evidence <= low:
            return "promote", seen
    return "wait", len(failed)


@misconception
def tested_again_and_again(failed, usual, bad, alpha, beta):
    """After each request the failure rate is tested as if it were the only look.

    Every look is another chance to be unlucky: of good releases far more than `alpha` are rolled back, the longer you
    look the more. A sequential test has its bounds made for that."""
    count = 0
    for seen, failure in enumerate(failed, start=1):
        count += failure
        if (count / seen - usual) / sqrt(usual * (1 - usual) / seen) > 1.645:
            return "rollback", seen
    return "promote", len(failed)


@misconception
def rate_above_bad(failed, usual, bad, alpha, beta):
    """It is rolled back as soon as the share of failures is at or above `bad`.

    After one failed request the share is 1. Nearly every release has a failure among its first requests."""
    count = 0
    for seen, failure in enumerate(failed, start=1):
        count += failure
        if count / seen >= bad:
            return "rollback", seen
    return "promote", len(failed)


@misconception
def only_at_the_end(failed, usual, bad, alpha, beta):
    """The decision is taken once, after all requests.

    While you wait, a bad canary keeps failing. Look after every request, and stop as soon as the evidence suffices."""
    evidence = sum(log(bad / usual) if failure else log((1 - bad) / (1 - usual)) for failure in failed)
    if evidence >= log((1 - beta) / alpha):
        return "rollback", len(failed)
    if evidence <= log(beta / (1 - alpha)):
        return "promote", len(failed)
    return "wait", len(failed)


@misconception
def successes_do_not_count(failed, usual, bad, alpha, beta):
    """Successes change nothing, so the sum can only grow.

    Any release that runs long enough is then rolled back. A success speaks against “bad”, a little each time."""
    return _test(failed, usual, bad, log((1 - beta) / alpha), log(beta / (1 - alpha)), success=False)


@misconception
def forgets_the_good(failed, usual, bad, alpha, beta):
    """The sum is not let below 0, so nothing is ever promoted.

    That is a CUSUM, which watches for a change without an end. A canary is to end one way or the other."""
    evidence = 0.0
    for seen, failure in enumerate(failed, start=1):
        evidence = max(0.0, evidence + (log(bad / usual) if failure else log((1 - bad) / (1 - usual))))
        if evidence >= log((1 - beta) / alpha):
            return "rollback", seen
    return "wait", len(failed)


@misconception
def errors_exchanged(failed, usual, bad, alpha, beta):
    """`alpha` and `beta` are exchanged.

    `alpha` bounds the good releases that are rolled back, so it stands under the bound for rolling back."""
    return _test(failed, usual, bad, log((1 - alpha) / beta), log(alpha / (1 - beta)))


@misconception
def bounds_without_the_other_error(failed, usual, bad, alpha, beta):
    """The bounds are ln(1/alpha) and ln(beta).

    They are close to Wald's and a little too far out. Each also holds the other error: (1 − beta)/alpha and
    beta/(1 − alpha)."""
    return _test(failed, usual, bad, log(1 / alpha), log(beta))


@misconception
def verdicts_exchanged(failed, usual, bad, alpha, beta):
    """A bad canary is promoted and a good one rolled back.

    The sum is large when failures are many: the upper bound rolls back."""
    word, seen = _test(failed, usual, bad, log((1 - beta) / alpha), log(beta / (1 - alpha)))
    return {"rollback": "promote", "promote": "rollback", "wait": "wait"}[word], seen


@misconception
def counts_from_zero(failed, usual, bad, alpha, beta):
    """The number of requests is one too small.

    It is how many were seen, the deciding one included; `enumerate` starts at 0 unless it is told otherwise."""
    word, seen = _test(failed, usual, bad, log((1 - beta) / alpha), log(beta / (1 - alpha)))
    return word, seen if word == "wait" else seen - 1


@behaviour("rolls back few good releases, and nearly all bad ones")
def bounded(student, rng):
    """Forty good releases and forty with a planted regression are tried. False rollbacks are bounded by `alpha`,
    and a regression that is promoted by `beta`."""
    wanted = {"usual": (0.05, "rollback", 10), "bad": (0.25, "promote", 13)}
    for name, (rate, wrong, most) in wanted.items():
        count = 0
        for _ in range(40):
            word, _ = student.canary((rng.random(200) < rate).tolist(), 0.05, 0.25, 0.05, 0.1)
            count += word == wrong
        if count > most:
            fail(
                f"Of 40 canaries that are {name}, {count} end with “{wrong}”.", expected=f"at most {most}", actual=count
            )
