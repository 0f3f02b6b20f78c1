"""What a page says first is read back from its file."""

from onexmodel.report.make.first_page import FirstPage
from onexmodel.report.page.blocks import Summary, front_box, ranged

SAID = Summary(
    "行 & 上",
    "结论 <1>",
    "全国",
    "一句。",
    [],
    [
        ("缺口", ranged("1 → 2", "（0—3）"), "万元", "增加", 1),
        ("人次", "12 345", "", "", 2),
    ],
    [("谁承担", "院校")],
    "一页摘要",
)


PAGE = (
    '<!doctype html><html lang="zh"><head><meta charset="utf-8"><style>p>a{}</style></head><body>'
    '<div class="bands"><aside class="synthetic">模拟</aside></div><div class="page"><main>'
    + front_box((), SAID, "注").html
    + "<section>x</section>"
)


def test_title_figures_and_box_are_those_of_the_page():
    read = FirstPage(PAGE)
    assert (read.kicker, read.title, read.label) == ("行 & 上", "结论 <1>", "一页摘要")
    assert [one["dt"] for one in read.figures] == ["缺口", "人次"]
    assert read.figures[0]["dd"].startswith("1 → 2") and read.figures[0]["small"] == "万元"
    assert read.html.startswith('<aside class="synthetic">模拟</aside><header>')
    assert read.html.endswith("</section>") and "x" not in read.html.partition("行")[2][-20:]
    assert "结论 &lt;1&gt;" in read.html and "<sup" not in read.html and "注" not in read.html
    assert FirstPage("").html == FirstPage("<p>x").html == ""
