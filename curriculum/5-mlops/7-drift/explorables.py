"""The number of rows against alarms: what chance makes of a PSI, a fixed limit, and one that follows the rows."""

import numpy as np
from scipy.stats import chi2, ncx2

from gradus.roadmap.explorables import Choice, Explored, Slider, panels

REFERENCE, BINS = 2000, 10
ROWS = np.array([50, 75, 100, 150, 200, 300, 400, 600, 800, 1200, 1600, 2000])


def sample_size_versus_alarms(
    rows: Slider(50, 2000, 50, "rows this week") = 100,
    limit: Choice(("PSI 0.1", "PSI 0.25", "set by chance, 5 %"), "limit") = "PSI 0.1",
    columns: Slider(1, 30, 1, "columns") = 1,
    shift: Slider(0.0, 1.0, 0.05, "shift of one column, in standard deviations") = 0.3,
) -> Explored:
    """How often a monitor alarms when nothing has changed and when one column has shifted, over the number of rows; and
    the PSI that chance alone makes at the chosen number.

    Predict: With a limit of PSI 0.1 nothing changes but the number of rows, from 100 to 1,000. What becomes of the
    false alarms?
    - They stay as they are
    - * They all but vanish
    - They become more
    """
    place, places = _cut(rows, limit, columns), [_cut(n, limit, columns) for n in ROWS]
    quiet = np.array([_any(chi2.sf(cut / _noise(n), BINS - 1), columns) for n, cut in zip(ROWS, places, strict=True)])
    moved = np.array([_noticed(n, cut, shift, columns) for n, cut in zip(ROWS, places, strict=True)])
    alarm, power = _any(chi2.sf(place / _noise(rows), BINS - 1), columns), _noticed(rows, place, shift, columns)

    figure, (dense, curve) = panels("PSI of one column", "Alarms", height=3.3)
    grid = np.linspace(0.0005, 0.5, 400)
    still = chi2.pdf(grid / _noise(rows), BINS - 1) / _noise(rows)
    other = ncx2.pdf(grid / _noise(rows), BINS - 1, max(_distance(shift) / _noise(rows), 1e-9)) / _noise(rows)
    top = max(still.max(), other.max())
    dense.plot(grid, still, color="C0")
    dense.plot(grid, other, color="C1")
    dense.fill_between(grid, still, where=grid >= place, color="C0", alpha=0.3)
    dense.axvline(place, color="C6")
    dense.text(0.98, 0.92, "nothing changed", color="C0", ha="right", transform=dense.transAxes)
    dense.text(0.98, 0.82, "shifted", color="C1", ha="right", transform=dense.transAxes)
    dense.text(0.98, 0.72, "limit", color="C6", ha="right", transform=dense.transAxes)
    dense.set(xlabel="PSI", ylabel="density", xlim=(0, 0.5), ylim=(0, 1.1 * top), yticks=())
    curve.plot(ROWS, quiet, color="C0", marker="o", markersize=3)
    curve.plot(ROWS, moved, color="C1", marker="o", markersize=3)
    curve.plot([rows, rows], [alarm, power], "o", color="C6", markersize=8)
    curve.axhline(0.05, color="0.55", linewidth=1, linestyle=":")
    curve.set(xscale="log", xlabel="rows", ylabel="share of looks with an alarm", xlim=(45, 2200), ylim=(-0.03, 1.05))
    curve.set_xticks((50, 200, 1000), ("50", "200", "1000"))

    table = {
        "rows": ROWS,
        "limit": np.round(places, 4),
        "false alarms": np.round(quiet, 3),
        "noticed": np.round(moved, 3),
    }
    caption = (
        f"With {rows} rows and {columns} column{'s' if columns > 1 else ''} the limit is a PSI of {place:.3f}: "
        f"{alarm:.0%} of the looks at unchanged rows raise an alarm, and a shift of {shift:g} standard deviations in "
        f"one column is noticed in {power:.0%}. (Formulas for many rows; the reference has {REFERENCE:,}.)"
    )
    return Explored(figure, table, caption)


def _noise(n):
    return 1 / n + 1 / REFERENCE


def _cut(n, limit, columns):
    if limit.startswith("PSI"):
        return float(limit.partition(" ")[2])
    return float(chi2.isf(0.05 / columns, BINS - 1) * _noise(n))


def _any(one, columns):
    return 1 - (1 - one) ** columns


def _distance(shift):
    """The PSI of a shifted normal column, with as many rows as you like."""
    from scipy.special import ndtr, ndtri

    edges = ndtri(np.arange(1, BINS) / BINS)
    shares = np.diff(ndtr(np.concatenate([[-np.inf], edges, [np.inf]]) - shift))
    return float(np.sum((shares - 1 / BINS) * np.log(shares * BINS)))


def _noticed(n, cut, shift, columns):
    one = ncx2.sf(cut / _noise(n), BINS - 1, max(_distance(shift) / _noise(n), 1e-9))
    return 1 - (1 - one) * (1 - chi2.sf(cut / _noise(n), BINS - 1)) ** (columns - 1)
