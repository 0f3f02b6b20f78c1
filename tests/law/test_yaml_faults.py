"""Whatever somebody writes in YAML – scenario, sweep, data set, lever – is read by one reader and refused in sentences with file and line."""

import os
import random
import time
from datetime import date
from pathlib import Path

import pytest
from mutate import mutated

from onexmodel.analysis.draws.sweep_file import read_sweep
from onexmodel.data.about import About, read_about
from onexmodel.data.checking.impute import read_rules
from onexmodel.data.reading.parse_cache import digest_of
from onexmodel.errors import LawError, OnexError, ParameterError, ScenarioError
from onexmodel.law import compose, load_law, read_scenario
from onexmodel.law.checking import files
from onexmodel.law.scenario import chain_of, scenario_of
from onexmodel.law.yamlfile import read_yaml
from onexmodel.places import shipped

CASES = Path(__file__).parents[1] / "cases" / "faults"
LAW = load_law()
HEAD = "title: 试\nauthor: t\nchanges:\n"
NO_ALIAS = "这里不用锚点（&）和别名（*）。把内容直接写出来；文字以 & 或 * 开头就加引号。"


def composed(text: str):
    return compose(LAW, [scenario_of("a", text)])


def refused(read, *given) -> str:
    with pytest.raises(OnexError) as caught:
        read(*given)
    return str(caught.value)


def change(line: str) -> str:
    return f"{HEAD}  - {{{line}, rationale: x}}\n"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("alias_self.yaml", f"第 3 行：{NO_ALIAS}"),
        ("based_on_number.yaml", "第 3 行：based_on 「5」不是文字。写成文字，数字加引号。"),
        (
            "cap_times_1e308.yaml",
            "第 4 行：scale「1e+308」太大，不是能用的数（最大 1e+09）。scale 写数值，如 1.2（提高20%）。",
        ),
        (
            "changes_number.yaml",
            "第 3 行：changes 「5」不是一列改动。每项改动一行，以「- 」开头；没有改动写 changes: []。",
        ),
        ("deep_list.yaml", "第 3 行：列表和对照套了 20 层以上。减少层次。"),
        ("int_5000_digits.yaml", "第 4 行：整数有 5000 位，最多 30 位。编号加引号，写成文字。"),
        ("key_is_list.yaml", "第 3 行：键应为文字，这里是列表。写成 键: 值。"),
        (
            "parameter_is_list.yaml",
            "第 4 行：parameter 「[fees.beta]」不是名称。写名称，如 fees.beta。",
        ),
        (
            "title_without_en.yaml",
            "第 1 行：title 缺少 en。写成一句文字（两种语言共用），或 {zh: 中文, en: 英文}。",
        ),
    ],
)
def test_the_scenarios_that_were_tried_are_refused_in_a_sentence(name, sentence):
    said = refused(lambda: compose(LAW, [read_scenario(CASES / name)]))
    assert said == f"{name} {sentence}"


def test_the_other_files_that_were_tried():
    assert read_scenario(CASES / "title_plain_text.yaml").title["en"] == "上限提高"
    said = refused(read_sweep, CASES / "sweep_gb18030.yaml")
    assert said.startswith("sweep_gb18030.yaml 第 10 行：draws「2」：2 的 2 次方次抽样太少")
    faults: list = []
    assert read_about(CASES / "dataset_key_is_list.yaml", faults) == About()
    assert [str(one) for one in faults] == [
        "dataset_key_is_list.yaml 第 9 行：键应为文字，这里是列表。写成 键: 值。"
    ]


BOMB = "a: &a [x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (BOMB, 1, NO_ALIAS),
        ("a: *b\n", 1, NO_ALIAS),
        ("a: 1\nb: *重要*\n", 2, NO_ALIAS),
        ("a: 1\nb: {c: 1}\n<<: *b\n", 3, NO_ALIAS),
        ("a: !!python/object/apply:os.system [ls]\n", 1, "不用类型标记"),
        ("a: !!str 5\n", 1, "不用类型标记"),
        ("a: 1\n{b: c}: 2\n", 2, "键应为文字，这里是对照"),
        ("a: 1\n? [b, [c]]\n: 2\n", 2, "键应为文字，这里是列表"),
        ("a:\n  ? \n  : 2\n", 2, "键是空的"),
        ("a: 1\n'a': 2\n", 2, "键「a」出现两次"),
        ("1: a\n'1': b\n", 2, "键「1」出现两次"),
        ("[" * 900_000, 1, "套了 20 层以上"),
        ("- " * 400_000, 1, "套了 20 层以上"),
        ("{b: " * 200_000, 1, "套了 20 层以上"),
        ("- a\n" * 150_000, 100_000, "内容超过 100000 项"),
        ("a: b\n---\nc: d\n", 2, "文件里不止一份内容"),
        ("a: -" + "1" * 31, 1, "整数有 31 位"),
        ("a: b\nc: \x07\n", 2, "控制字符 U+0007"),
        ('a: "\\0"\n', 1, "控制字符 U+0000"),
        ('a: b\nc: "\\ud800"\n', 2, "控制字符 U+D800"),
        ('a: b\nc: "\\UFFFFFFFF"\n', 2, "不是有效的 YAML"),
        ("a:\n\tb: c\n", 2, "缩进用空格，不用 Tab"),
        ("a: {b: c\n", 2, "不是有效的 YAML"),
    ],
)
def test_what_could_do_harm_is_refused_with_its_line(text, line, words):
    begun = time.process_time()
    said = refused(read_yaml, "x.yaml", text)
    assert words in said and f"x.yaml 第 {line} 行" in said
    assert time.process_time() - begun < 10


def test_a_long_number_that_is_none_is_read_at_once():
    """The digits of 1111…x were tried in every way there is to part them: a million took hours."""
    begun = time.process_time()
    assert read_yaml("x.yaml", f"a: {'1' * 900_000}x").data["a"].endswith("1x")
    assert time.process_time() - begun < 10


def test_numbers_and_codes_are_read_as_before_and_codes_as_written():
    file = read_yaml("x.yaml", "a: [012, 1e3, -.5, 1_000, 0x1F, 1:30, .nan, off, true, 1e400]")
    assert file.data["a"] == [
        12,
        1000.0,
        -0.5,
        "1_000",
        "0x1F",
        "1:30",
        ".nan",
        "off",
        True,
        "1e400",
    ]
    made = scenario_of(
        "a",
        change("table: fees, column: special_fee, where: {province: 011, level: [01]}, value: 1"),
    )
    assert made.changes[0].where == (("level", ("01",)), ("province", ("011",)))


def test_every_encoding_a_planner_saves_in_is_read_or_named(tmp_path):
    file = tmp_path / "s.yaml"
    text = "title: {zh: 上限提高, en: caps up}\nauthor: t\nchanges: []\n"
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        file.write_bytes(text.encode(encoding))
        assert read_scenario(file).title["zh"] == "上限提高"
    sweep = tmp_path / "w.yaml"
    sweep.write_bytes(
        "title: {zh: 扫描, en: s}\nparameters: {fees.beta: [0.3]}\n".encode("gb18030")
    )
    assert read_sweep(sweep).names == ("fees.beta",)
    about, faults = tmp_path / "dataset.yaml", []
    about.write_bytes("status: 模拟\nlabel: 试算\n".encode("gb18030"))
    assert read_about(about, faults).label == {"zh": "试算", "en": "试算"} and not faults
    for raw, words in (
        (text.encode("utf-16"), "编码是 UTF-16，读不出文字。用记事本打开，另存为 UTF-8。"),
        (text.encode("utf-32"), "编码是 UTF-32"),
        (text.encode("utf-16-le"), "NUL"),
        (b"title: a\0", "NUL"),
        (b"title: \xff\xfe\xfd", "编码既不是 UTF-8 也不是 GB18030"),
        (b"#" * 1_000_001, "有 1.0 MB，最大 1 MB"),
    ):
        for path, read in ((file, read_scenario), (sweep, read_sweep)):
            path.write_bytes(raw)
            assert refused(read, path).startswith(f"{path.name}：") and words in refused(read, path)
        faults = []
        about.write_bytes(raw)
        read_about(about, faults)
        assert len(faults) == 1 and words in str(faults[0])


KINDS = {
    "folder": (lambda path: path.mkdir(), "是文件夹，不是文件"),
    "pipe": (lambda path: os.mkfifo(path), "是管道或设备，不是普通文件"),
    "device": (lambda path: path.symlink_to("/dev/zero"), "是管道或设备，不是普通文件"),
    "dangling": (lambda path: path.symlink_to("nowhere"), "是链接，指向的文件不在了"),
    "loop": (lambda path: path.symlink_to(path.name), "是链接，绕一圈指向了自己"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_plain_file_is_a_sentence_and_never_waited_for(kind, tmp_path):
    make, words = KINDS[kind]
    path = tmp_path / "dataset.yaml"
    make(path)
    assert refused(read_scenario, path).startswith(f"dataset.yaml：{words}")
    assert refused(read_sweep, path).startswith(f"dataset.yaml：{words}")
    faults: list = []
    read_about(path, faults)
    assert str(faults[0]).startswith(f"dataset.yaml：{words}")
    assert len(digest_of(tmp_path)) == 64


def test_a_file_that_may_not_be_read_is_a_sentence(tmp_path, monkeypatch):
    (tmp_path / "s.yaml").write_text("title: a", encoding="utf-8")

    def closed(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(files, "open", closed, raising=False)
    assert refused(read_sweep, tmp_path / "s.yaml") == (
        "s.yaml：没有读取的权限，或正被别的程序占用。关闭占用它的程序，改权限，或复制到别处。"
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("author: {a: b}", "author 「{a: b}」不是文字"),
        ("author: 5", "author 「5」不是文字"),
        ("author:", "author 是空的"),
        ("description: []", "description 「[]」不是文字"),
        ("description: 5", "description 「5」不是文字"),
        ("title: {zh: 1, en: 2021}", "title 的 zh 不是文字"),
        ("title: {zh: [a], en: {b: c}}", "title 的 en 不是文字"),
        ("title: {zh: 一, en: one, 5: x}", "title 的「5」不是语言代码"),
        ("based_on: [a]", "based_on 「[a]」不是文字"),
        ("based_on:", "based_on 是空的"),
        ("based_on: a", "based_on 写的是这个情景自己"),
        ("changes: 文字", "changes 「文字」不是一列改动"),
        ("changes: {a: b}", "changes 「{a: b}」不是一列改动"),
        ("changes:", "changes 是空的"),
        ("changes: [5]", "「5」：这里应为 键: 值"),
        ("changes: [[a]]", "「[a]」：这里应为 键: 值"),
        ("titel: a", "不认识的键「titel」。最接近的是「title」"),
        ("lever: 5", "lever「5」：这里应为 键: 值"),
        ("lever: {guard: [a], evidence: expert}", "guard「[a]」不在"),
        ("lever: {guard: pass_rate, evidence: expert, per: {a: b}}", "per「{a: b}」不在"),
        ("lever: {guard: pass_rate, evidence: expert, unit: 5}", "unit 「5」不是文字"),
        (
            "lever: {guard: pass_rate, evidence: expert, responsible: {zh: a}}",
            "responsible 缺少 en",
        ),
        ("lever: {guard: pass_rate, evidence: expert, one_off_cost: 1e300}", "太大"),
        ("lever: {guard: pass_rate, evidence: expert, life_years: .inf}", "life_years「.inf」"),
        ("lever: {guard: pass_rate, evidence: expert, life_years: [1]}", "life_years「[1]」"),
    ],
)
def test_every_wrong_kind_of_a_scenario_s_fields_is_a_fault_with_its_line(line, words):
    key = line.split(":")[0]
    rest = {"title": "title: 试", "author": "author: t", "changes": "changes: []"}
    text = "\n".join([line for name, line in rest.items() if name != key])
    said = refused(composed, f"{text}\n{line}\n")
    assert words in said and f"a.yaml 第 {text.count(chr(10)) + 2} 行" in said


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("parameter: {}, value: 1", "parameter 「{}」不是名称"),
        ("parameter: 5, value: 1", "parameter 「5」不是名称"),
        ("parameter: , value: 1", "parameter 是空的"),
        ("parameter: a/b, value: 1", "含有 /"),
        ("table: [a], column: b, value: 1", "table 「[a]」不是名称"),
        ("table: a/b, column: {c: d}, value: 1", "column 「{c: d}」不是名称"),
        ("parameter: fees.beta, table: a, value: 1", "二者取一"),
        ("table: fees, column: special_fee, value: [1]", "value「[1]」不是一个值"),
        ("parameter: fees.beta, value: ", "value 是空的"),
        ("parameter: fees.beta, value: .nan", "「.nan」不是数"),
        ("parameter: fees.beta, value: {a: b}", "「{a: b}」不是数"),
        ("parameter: fees.beta, value: true", "「true」不是数"),
        ("parameter: pay.uplift_method, value: [rate]", "「[rate]」不在选项"),
        ("parameter: funding.use_order, value: assessment", "「assessment」应为一列名称"),
        ("parameter: funding.use_order, value: [[a]]", "「[[a]]」应为一列名称"),
        ("parameter: funding.pot_weights, value: [need]", "应为 名称: 数值 的对照"),
        ("parameter: funding.pot_weights, value: {need: [1]}", "need：「[1]」不是数"),
        ("parameter: workload.class_coefficient, value: [5]", "应为若干 [上界, 系数]"),
        ("parameter: workload.class_coefficient, value: []", "应为若干 [上界, 系数]"),
        ("parameter: workload.class_coefficient, value: [[a, 1]]", "「a」不是数"),
        ("parameter: workload.class_coefficient, value: [[30, b]]", "「b」不是数"),
        ("parameter: workload.class_coefficient, value: [[30, 1], [20, 2]]", "上界应从小到大"),
        ("parameter: settlement.deadline, value: 20211231", "「20211231」不是日期"),
        ("parameter: settlement.deadline, value: 2021-W52-5", "不是日期"),
        ("parameter: fees.cap.paper, value: 1e300", "太大，不是能用的数（最大 1e+13）"),
        ("parameter: pay.elasticity, value: 1e10", "太大，不是能用的数（最大 1e+09）"),
        ("parameter: pay.elasticity, scale: .inf", "scale「.inf」不是数"),
        ("parameter: pay.elasticity, scale: 1e400", "scale「1e400」不是数"),
        ("parameter: pay.elasticity, scale: -20", "最接近的是「0.8」"),
        ("parameter: fees.cap.paper, scale: 1e300", "scale「1e+300」太大"),
        ("parameter: fees.cap.paper, add: 1e300", "add「1e+300」太大"),
        ("parameter: fees.beta, value: 0.3, from: 20220101", "最接近的是「2022-01-01」"),
        ("parameter: fees.beta, value: 0.3, from: 2022-W01-1", "写成 YYYY-MM-DD"),
        ("parameter: fees.beta, value: 0.3, until: [2022-01-01]", "until「[2022-01-01]」不是日期"),
        ("parameter: fees.beta, value: 0.3, from: ", "from「」不是日期"),
        ("parameter: fees.cap.paper, remove: false", "remove「false」：这里只写 true"),
        ("parameter: fees.cap.paper, remove: 否", "remove「否」：这里只写 true"),
        ("parameter: pay.elasticity, value: 0.3, where: ", "where 是空的"),
        ("parameter: pay.elasticity, value: 0.3, where: []", "where 应为 列: 值"),
        ("parameter: pay.elasticity, value: 0.3, where: {tier: }", "where 的「tier」是空的"),
        ("parameter: pay.elasticity, value: 0.3, where: {tier: []}", "where 的「tier」是空的"),
        ("parameter: pay.elasticity, value: 0.3, where: {tier: [[中职]]}", "不是一个或几个值"),
        ("parameter: pay.elasticity, value: 0.3, where: {tier: {a: b}}", "不是一个或几个值"),
        ("parameter: fees.beta, value: 0.3, source: [a]", "source 「[a]」不是文字"),
    ],
)
def test_every_wrong_kind_in_a_change_is_a_fault_with_its_line(line, words):
    said = refused(composed, change(line))
    assert words in said and "a.yaml 第 4 行" in said and "None" not in said


def test_a_reason_is_a_text():
    for given in ("{a: b}", "5", "[a]"):
        text = f"{HEAD}  - {{parameter: fees.beta, value: 0.3, rationale: {given}}}\n"
        assert f"rationale 「{given}」不是文字" in refused(composed, text)


def test_all_faults_of_a_file_come_at_once():
    text = "title: 5\nauthor: 5\nbased_on: 5\nlever: 5\nchanges:\n  - 5\n  - {parameter: 5, scale: x}\n"
    said = refused(composed, text)
    assert said.startswith("共 8 处问题") and all(
        f"a.yaml 第 {line} 行" in said for line in (1, 2, 3, 4, 6, 7)
    )


def test_a_factor_that_is_no_slip_of_per_cent_has_no_silly_hint():
    notes = composed(change("parameter: fees.cap.paper, scale: 1e6")).notes
    assert "乘以 1e+06" in notes[0] and "若本意" not in notes[0]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("inf", "「inf」不是数"),
        ("nan", "不是数"),
        ("1_0", "不是数"),
        ("1e300", "太大"),
        ("", "不是数"),
    ],
)
def test_a_set_value_is_read_as_in_a_file(value, words):
    with pytest.raises(ParameterError, match=words):
        compose(LAW, sets={"fees.cap.paper": value})
    with pytest.raises(ParameterError, match="应为 名称: 数值 的对照"):
        compose(LAW, sets={"funding.pot_weights": f"need:1:2,candidates:{value or 'x'}"})


def scenario(folder: Path, name: str, base: str) -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(f"title: 试\nauthor: t\nbased_on: {base}\nchanges: []\n", encoding="utf-8")
    return path


def test_scenarios_that_rest_on_each_other_are_refused(tmp_path):
    for name, base in (("a", "b"), ("b", "c"), ("c", "a")):
        scenario(tmp_path, name, str(tmp_path / f"{base}.yaml"))
    said = refused(chain_of, [read_scenario(tmp_path / "a.yaml")])
    assert said == "c.yaml 第 3 行：情景互相依据：a→b→c→a。删去其中一个 based_on。"
    assert "没有一并给出" in refused(
        read_scenario,
        {
            "id": "a",
            "text": (tmp_path / "a.yaml").read_text(encoding="utf-8"),
            "bases": [{"id": "b", "text": (tmp_path / "b.yaml").read_text(encoding="utf-8")}],
        },
    )


def test_a_chain_has_an_end_and_names_mean_one_scenario(tmp_path):
    for i in range(24):
        scenario(tmp_path, f"s{i}", str(tmp_path / f"s{i - 1}.yaml") if i else "current_law")
    assert len(chain_of([read_scenario(tmp_path / "s20.yaml")])) == 21
    said = refused(chain_of, [read_scenario(tmp_path / "s23.yaml")])
    assert said.startswith("s3.yaml 第 3 行：依据的情景一个接一个，超过 20 层")
    texts = [
        {"id": f"s{i}", "text": f"title: a\nauthor: t\nbased_on: s{i - 1}\nchanges: []\n"}
        for i in range(1, 600)
    ]
    assert "超过 20 层" in refused(read_scenario, {**texts[-1], "bases": texts[:-1]})
    said = refused(chain_of, [read_scenario(scenario(tmp_path, "x", "cap_plus_21"))])
    assert said.startswith(
        "x.yaml 第 3 行（based_on），情景 cap_plus_21：没有这个情景文件。最接近的"
    )
    other = tmp_path / "other"
    other.mkdir()
    twins = [scenario(tmp_path, "a", "current_law"), scenario(other, "a", "cap_plus_10")]
    assert "有两个不同的情景都叫「a」" in refused(chain_of, [read_scenario(one) for one in twins])


def dated(count: int, more: str = "") -> str:
    first = date(2000, 1, 1).toordinal()
    return HEAD + "".join(
        f"  - {{parameter: pay.elasticity, value: 0.{i % 9 + 1}, from: {date.fromordinal(first + i)}, "
        f"until: {date.fromordinal(first + i + 1)}, {more}rationale: x}}\n"
        for i in range(count)
    )


def test_many_dated_changes_are_composed_in_time():
    """1,500 took 5 s and more with each; forty that override each other, a thousand million layings."""
    begun = time.process_time()
    made = composed(dated(1500)).law
    assert made.at(date(2000, 1, 3))["pay.elasticity"] == 0.3
    assert composed(dated(40, "override: true, ")).law.at(date(2000, 1, 3))["pay.elasticity"] == 0.3
    assert time.process_time() - begun < 10
    assert "有 2001 项改动，最多 2000 项" in refused(composed, dated(2001))


def test_changes_that_override_each_other_without_end_are_refused():
    first = date(2000, 1, 1).toordinal()
    lines = [
        f"  - {{parameter: pay.elasticity, value: 0.3, from: {date.fromordinal(first + i)}, "
        f"until: {date.fromordinal(first + i + 60)}, override: true, rationale: x}}\n"
        for i in ((i * 7919) % 2000 for i in range(300))
    ]
    begun = time.process_time()
    try:
        composed(HEAD + "".join(lines))
    except ScenarioError as error:
        assert "层次太多" in str(error)
    assert time.process_time() - begun < 10


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("title: 5", "title 「5」不是文字"),
        ("data: [a]", "data 「[a]」不是文字"),
        ("provinces: [[44]]", "provinces 中的「[44]」不是名称"),
        ("provinces: {a: b}", "provinces「{a: b}」应为列表"),
        ("measures: [[fee_bill]]", "measures 中的「[fee_bill]」不是名称"),
        ("scenarios: [{a: b}]", "scenarios 中的「{a: b}」不是情景名称"),
        ("scenarios: [[[a]]]", "scenarios 中的「[a]」不是情景名称"),
        ("scenarios: [[5]]", "情景 5：没有这个情景文件"),
        ("mode: [none]", "mode「[none]」不在"),
        ("design: {a: b}", "design「{a: b}」不在"),
        ("design: lhs", "没有要扫描的参数"),
        ("draws: 99", "draws「99」太大，最大 14"),
        ("seed: 99999999999999999999", "太大"),
        ("points: 1e3", "应为不小于 1 的整数"),
        ("parameters: 5", "parameters 应为 参数名: 取值"),
        ("parameters: {fees.beta: {low: 0, high: 1, points: 1000000000}}", "太多"),
        ("parameters: {fees.beta: {low: 1, high: 0}}", "大于 high"),
        ("parameters: {fees.beta: {low: [0], high: 1}}", "low「[0]」"),
        ("parameters: {fees.beta: [[0.3]]}", "「[0.3]」不是数"),
        ("parameters: {[fees.beta]: [0.3]}", "键应为文字"),
        (
            "parameters: {fees.beta: {low: 0, high: 1, points: 999}, pay.tilt: {low: 0, high: 1, points: 999}}",
            "格点共 998001 个",
        ),
    ],
)
def test_every_wrong_kind_in_a_sweep_is_a_fault_with_its_line(line, words, tmp_path):
    path = tmp_path / "w.yaml"
    path.write_text(f"# 一次扫描\n{line}\n", encoding="utf-8")
    with pytest.raises(ParameterError) as caught:
        read_sweep(path)
    assert words in str(caught.value) and "w.yaml 第 2 行" in str(caught.value)


def test_a_sweep_takes_codes_as_written(tmp_path):
    path = tmp_path / "w.yaml"
    path.write_text("provinces: [011, 44]\nscenarios: [cap_plus_10, []]\n", encoding="utf-8")
    made = read_sweep(path)
    assert made.provinces == ("011", "44") and made.scenarios == (("cap_plus_10",), ())


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("title: 5", "title「5」不是文字"),
        ("title: [a]", "title「[a]」不是文字"),
        ("label: {zh: {a: b}}", "label 的 zh「{a: b}」不是文字"),
        ("status: [模拟]", "数据状态「[模拟]」不认识"),
        ("status: 0", "数据状态「0」不认识"),
        ("mixed: [是]", "混合使用「[是]」应为 是 或 否"),
        ("price_year: [2021]", "price_year「[2021]」不是整数"),
        ("impute: 5", "「5」：填补声明应为一列"),
        ("impute: [5]", "「5」：填补声明应为一列"),
        ("impute: [{column: [a], method: b}]", "填补声明应为一列"),
        ("impute: [{column: a, method: b}]", "「a」不能填补"),
        ("a: &x 1", "这里不用锚点"),
    ],
)
def test_every_wrong_kind_in_a_data_set_s_description_is_a_fault_with_its_line(
    line, words, tmp_path
):
    path, faults = tmp_path / "dataset.yaml", []
    path.write_text(f"# 一套数据\n{line}\n", encoding="utf-8")
    read_rules(read_about(path, faults).impute, faults)
    assert len(faults) == 1 and words in str(faults[0]) and faults[0].level == "error"
    assert str(faults[0]).startswith("dataset.yaml 第 2 行")


def test_spoiled_files_raise_nothing_but_our_own_errors(tmp_path):
    """300 of them; the same ones everywhere. More: a loop over other seeds."""
    scenarios = sorted(shipped("data", "scenarios").glob("*.yaml"))
    sweeps = sorted(shipped("data", "sweeps").glob("*.yaml"))
    about = shipped("data", "example", "dataset.yaml").read_text(encoding="utf-8")
    about += "mixed: false\nimpute:\n  - {column: 院校.标准年课时, method: 同省同层次中位数}\n"
    path, refusals = tmp_path / "s.yaml", 0
    for seed in range(300):
        chance = random.Random(seed)
        kind = chance.choice(("scenario", "scenario", "sweep", "about"))
        good = chance.choice(sweeps if kind == "sweep" else scenarios).read_text(encoding="utf-8")
        path.write_bytes(mutated(about if kind == "about" else good, chance))
        try:
            if kind == "scenario":
                compose(LAW, [read_scenario(path)])
            elif kind == "sweep":
                read_sweep(path)
            else:
                faults: list = []
                read_rules(read_about(path, faults).impute, faults)
                refusals += bool(faults)
        except OnexError as error:
            refusals += 1
            assert str(error)
    assert 100 < refusals < 300


def test_the_law_s_own_files_are_read_by_the_same_reader():
    with pytest.raises(LawError, match="第 2 行：这里不用锚点"):
        load_law([read_yaml("fee.yaml", "parameters:\n  fees.x: &a {zh: 甲}\n")])


@pytest.mark.parametrize(
    ("typed", "factor"), [("20%", "1.2"), ("+20%", "1.2"), ("-5%", "0.95"), ("120%", "1.2")]
)
def test_a_percentage_as_a_factor_is_told_as_the_factor_it_means(tmp_path, typed, factor):
    path = tmp_path / "s.yaml"
    change = f"  - {{parameter: fees.cap.practical, scale: {typed}, rationale: 试}}\n"
    path.write_text(f"title: {{zh: 试, en: try}}\nauthor: t\nchanges:\n{change}", encoding="utf-8")
    with pytest.raises(ScenarioError, match=f"最接近的是「{factor}」"):
        read_scenario(str(path))
