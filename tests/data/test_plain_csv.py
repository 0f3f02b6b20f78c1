"""Reading by column without csv.reader says the same as csv.reader on every text it accepts."""

import csv
import io

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onexmodel.data.reading.raw import raw_csv
from onexmodel.data.reading.records import plain_columns
from onexmodel.data.schema import load_schema

CELL = st.one_of(
    st.text(alphabet=" \t;\"'甲1.,\x0b\x0c\x1c\x1e\x85\u2028\u2029\ufeff\x00-", max_size=4),
    st.text(max_size=3),
)
END = st.sampled_from(["\n", "\r\n", "\r", "\n\n", "", "\n\r"])
TEXT = st.one_of(
    st.text(alphabet="a,\n", max_size=12),
    st.text(alphabet='a甲,"\n\r \x0b\x85\u2028', max_size=30),
    st.integers(2, 4)
    .flatmap(
        lambda width: st.lists(
            st.tuples(st.lists(CELL, min_size=width, max_size=width), END), max_size=5
        )
    )
    .map(lambda lines: "".join(",".join(cells) + end for cells, end in lines)),
)


def by_reader(text):
    lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    return lines[0], [[line[at] for line in lines[1:]] for at in range(len(lines[0]))]


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXT)
def test_any_text_it_accepts_is_read_as_csv_reader_reads_it(text):
    plain = plain_columns(text)
    if plain is not None:
        assert (plain[0], [list(column) for column in plain[1]]) == by_reader(text)


@settings(max_examples=200, deadline=None)
@given(
    st.integers(2, 5),
    st.lists(st.text(alphabet="ab甲0.", min_size=1, max_size=3), min_size=2, max_size=40),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_plain_text_is_accepted(width, cells, end, closed):
    """It must not pass the test above by refusing everything."""
    lines = [cells[at : at + width] for at in range(0, len(cells) - width + 1, width)]
    if lines:
        text = end.join(",".join(line) for line in lines) + (end if closed else "")
        assert plain_columns(text) is not None


def test_both_ways_give_the_same_table(tmp_path):
    columns, rows = (
        load_schema()["eligibility"],
        [["central_award", "assessment", "yes", "NAT"], ["tuition", "training", "no", "NAT"]],
    )
    plain, quoted = tmp_path / "a" / "eligibility.csv", tmp_path / "b" / "eligibility.csv"
    for file, quoting in ((plain, csv.QUOTE_NONE), (quoted, csv.QUOTE_ALL)):
        file.parent.mkdir()
        with file.open("w", encoding="utf-8-sig", newline="") as out:
            csv.writer(out, quoting=quoting).writerows([list(columns), *rows])
    left, right = (raw_csv(file, columns, []) for file in (plain, quoted))
    assert all(
        left.words[name].tolist() == right.words[name].tolist() == [row[at] for row in rows]
        for at, name in enumerate(columns)
    )
    assert (
        left.origin.rows.tolist() == right.origin.rows.tolist() == [2, 3]
        and left.origin.columns == right.origin.columns
    )


def test_cells_stay_the_words_that_stand_there():
    """A fast reader that guesses types would make 1.5 of 1.50, 1 of 01, and nothing of NA; alike cells are one object."""
    lines = ["01,1.50,NA", "02,1e3,nan", "01,-0,NULL", " 1 ,1.50,true"]
    header, cells = plain_columns("\n".join(["a,b,c", *lines]))
    assert [",".join(row) for row in zip(*cells, strict=True)] == lines
    assert cells[0][0] is cells[0][2] and cells[1][0] is cells[1][3]
    assert plain_columns("a,b\n1,x\x00y\n") is None and plain_columns("a,b\n\ufeff1,x\n") is None
