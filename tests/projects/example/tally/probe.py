"""The report counts rows; the service adds up, and refuses what it cannot add."""

from gradus.projects import NoAnswer, Workbench, fail, mistake, probe


@mistake
def header_counted():
    """`rows.txt` holds one more than there are rows.

    The first line names the columns; it is no row. Count what comes after it."""


@mistake
def falls_over():
    """The service hangs up on a body that is not an object of numbers.

    The exception leaves the handler, so the caller gets no answer at all. What a caller sends wrongly is
    answered with a status of 400 to 499: catch it where the body is parsed."""


@probe("counts the rows")
def report(work: Workbench, rng):
    """`python report.py` does not write the number of rows.

    The file is called `rows.txt` and holds one whole number."""
    rows = int(rng.integers(3, 30))
    work.write("data/rows.csv", "x,y\n" + "1,2\n" * rows)
    work.run(["python", "report.py"]).require()
    text = work.text("rows.txt").strip()
    if text == str(rows + 1):
        fail(header_counted, expected=rows, actual=text)
    assert text == str(rows), "`rows.txt` does not hold the number of rows."


@probe("adds up, and refuses what it cannot add")
def service(work: Workbench, rng):
    """The service does not answer as the task says.

    Start it and ask it with `curl`, once with numbers and once with junk."""
    with work.start(["python", "service.py", "$PORT"]) as service:
        service.wait_ready("/ready", seconds=10)
        values = {name: int(rng.integers(-9, 9)) for name in "abc"}
        answer = service.post("/add", json=values)
        if answer.field("sum") != sum(values.values()):
            fail("The sum is wrong.", case=values, expected=sum(values.values()), actual=answer.text)
        try:
            junk = service.post("/add", json=["no", "object"])
        except NoAnswer:
            fail(falls_over, case='["no", "object"]')
        if not 400 <= junk.status < 500:
            fail("Junk is not refused.", case='["no", "object"]', expected="a status of 400 to 499", actual=junk.status)
