"""parse_rows(lines, numeric): what csv.writer wrote comes back; types are asked for, never guessed."""

import csv
import io

from gradus.checks import behaviour, call, cases, fail, misconception, valid

CITIES = ["Oslo", "Lima, Peru", 'Fargo "ND"', " Kyoto", "São Paulo", "Bern, CH", "", "Accra"]


@valid
def a_csv_file(lines, numeric=()):
    rows = [row for row in csv.reader(lines) if row]
    header = rows[0] if rows else []
    if len(set(header)) != len(header) or any(len(row) != len(header) for row in rows):
        return False
    if any("\n" in line[:-1] or line.count('"') % 2 for line in lines):
        return False
    if not all(name.isidentifier() for name in header):
        return False
    columns = [header.index(name) for name in numeric if name in header]
    return len(header) != 1 and all(_is_number(row[i]) for row in rows[1:] for i in columns)


def _is_number(cell):
    try:
        return cell.strip() == "" or float(cell) is not None
    except ValueError:
        return False


def _written(header, rows, end="\n"):
    """The lines that csv.writer makes of these rows."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return [line + end for line in text.getvalue().splitlines()]


@cases
def files(rng):
    """Each draw holds quoted commas and quotes, zip codes with a leading zero, blank numbers and pairs of empty
    lines."""
    cities = rng.permutation(CITIES).tolist()
    degrees = [round(float(x), 1) for x in rng.normal(10, 12, size=len(cities))]
    zips = [f"0{int(z)}" for z in rng.integers(100, 9999, size=len(cities))]
    rows = list(zip(degrees, zips, cities, strict=True))
    lines = _written(["degrees", "zip", "city"], rows)
    yield call(lines, numeric=["degrees"])
    yield [line.rstrip("\n") for line in lines]
    gaps = [["", "  ", zips[0], "Oslo"], [degrees[1], -3, zips[1], "Bern, CH"], [degrees[2], "1e3", zips[2], "x"]]
    shuffled = _written(["high", "low", "zip", "place"], gaps)
    blank = int(rng.integers(1, 4))
    yield call([*shuffled[:blank], "\n", "\n", *shuffled[blank:]], numeric=("low", "high"))
    yield call(["zip,n", "02139,4", "", "", "90210,07"], numeric=["n"])
    yield call(["a,b\n"], numeric=["a"])


def _read(lines, numeric, number, text=lambda cell: cell, reader=None):
    rows = [row for row in (reader or csv.reader)(lines) if row]
    header = rows[0] if rows else []
    return [{c: number(x) if c in numeric else text(x) for c, x in zip(header, row, strict=False)} for row in rows[1:]]


def _number(cell):
    return float(cell) if cell.strip() else None


def _guess(cell):
    try:
        return float(cell)
    except ValueError:
        return cell


@misconception
def split_on_commas(lines, numeric=()):
    """A comma inside quotes ends the cell.

    `line.split(",")` cuts at every comma and keeps the quotes as part of the text. It works on the first file you try
    and breaks on the first one that holds `"Lima, Peru"`. Quoting is a small language with its own rules; leave it to a
    reader that knows them."""
    return _read(lines, numeric, _number, reader=lambda ls: (x.strip("\n").split(",") for x in ls if x.strip("\n")))


@misconception
def types_guessed(lines, numeric=()):
    """A cell that looks like a number became one, though its column is text.

    `07030` is a zip code: as a number it is 7030, and the zero is gone for good. Guessing types from how cells look is
    tempting, and readers that do it have spoiled many phone numbers and product codes. Convert only the columns you
    were told to."""
    return _read(lines, numeric, _number, text=_guess)


@misconception
def zero_for_blank(lines, numeric=()):
    """A blank number became 0.

    Zero is a measurement; blank means that there is none. Once the two are mixed no later step can tell them apart, and
    every mean is pulled toward zero. Keep the gap visible: `None`."""
    return _read(lines, numeric, lambda cell: float(cell) if cell.strip() else 0.0)


@misconception
def incomplete_rows_dropped(lines, numeric=()):
    """Rows with a blank number are missing.

    Dropping them is sometimes right, but it is a decision about the analysis, and a reader is the wrong place for it:
    the rest of the row was good data."""
    return [row for row in _read(lines, numeric, _number) if None not in row.values()]


@misconception
def text_trimmed(lines, numeric=()):
    """Spaces around a text cell are gone.

    Trimming looks harmless, but in CSV the spaces belong to the cell. Text stays exactly as written; whoever knows what
    the column means may clean it later."""
    return _read(lines, numeric, _number, text=str.strip)


@misconception
def empty_lines_survive(lines, numeric=()):
    """An empty line is still there, as a row without cells, when two stand together.

    Removing items from a list while a `for` loop walks over it moves the rest one place forward, so the loop steps over
    the neighbor of whatever it removed. Build a new list of the lines you keep."""
    kept = list(lines)
    for line in kept:
        if not line.strip():
            kept.remove(line)
    rows = list(csv.reader(kept))
    header = rows[0] if rows else []
    return [{c: _number(x) if c in numeric else x for c, x in zip(header, row, strict=False)} for row in rows[1:]]


@behaviour("without lines there are no rows")
def no_lines(student, rng):
    """An empty file has no header either. Taking the first line without asking whether there is one fails on it, and
    empty files are common: a job that found nothing to write leaves one behind."""
    answer = student.parse_rows([])
    if answer != []:
        fail("An empty list of lines should give an empty list of rows.", case="[]", expected=[], actual=answer)
