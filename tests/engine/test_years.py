"""Years: what a dated change does in the years computed is said, and each question can be asked of one year."""

import pandas as pd
import pytest

from onexmodel.cli import main
from onexmodel.engine.effective_dates import year_notes
from onexmodel.law import load_law, read_scenario

RULE = "年度按7月1日有效的取值计算，不按月折算。"
LATE, SLEEPS = ", from: 2022-10-01", ", from: 2021-09-01"  # the referee's two


def ran(data, scheme, out, capsys, *more) -> tuple[str, dict[str, pd.DataFrame]]:
    """(what run said, its tables as written); the example's provinces have one to three colleges, which is said elsewhere."""
    few = ["--set", "compare.min_colleges=1"]
    words = ["run", "--data", str(data), "--scenario", scheme, "--out", str(out), *few, *more]
    assert main(words) == 0
    return capsys.readouterr().err, {
        path.stem: pd.read_csv(path, dtype=str, keep_default_na=False) for path in out.glob("*.csv")
    }


@pytest.mark.parametrize(
    ("dates", "said", "raised"),
    [
        (
            LATE,
            "情景 s 自2022-10-01起的改动（一般实操成本上限）到2022年7月1日尚未生效，不影响2021、2022年度的结果",
            (),
        ),
        (
            SLEEPS,
            "情景 s 自2021-09-01起的改动（一般实操成本上限）在2021年度不起作用（7月1日尚未生效），自2022年度起计入",
            (2022,),
        ),
        (
            ", from: 2023-01-01",
            "自2023-01-01起的改动（一般实操成本上限）晚于所算的最后年度（2022年），不影响2021、2022年度的结果",
            (),
        ),
        (", from: 2021-03-01", "在2021年度计为全年生效", (2021, 2022)),
        (
            ", until: 2022-10-01",
            "至2022-10-01（当日起失效）的改动（一般实操成本上限）在2022年度计为全年生效",
            (2021, 2022),
        ),
        (", until: 2022-03-01", "在2022年度不起作用（7月1日已经失效）", (2021,)),
        (", until: 2021-03-01", "到2021年7月1日已经失效，不影响2021、2022年度的结果", ()),
        (", from: 2021-09-01, until: 2022-05-01", "不含任何一个所算年度的7月1日", ()),
        (", from: 2022-01-01", "", (2022,)),
        ("", "", (2021, 2022)),
    ],
)
def test_run_says_what_a_dated_change_does_in_its_years(
    dates, said, raised, two_years, cap_scheme, tmp_path, capsys
):
    err, tables = ran(two_years, cap_scheme(dates=dates), tmp_path / "o", capsys)
    fees, findings = tables["fees"], tables["findings"]
    moved = fees[fees["cap"] != fees["baseline_cap"]]["year"].astype(int)
    assert set(moved) == set(raised) and set(fees["year"]) == {"2021", "2022"}
    found = findings[findings["rule"].isin(["dormant_change", "part_year_change"])]
    assert set(found["rule"]) == (
        set() if not said else {"part_year_change"} if raised else {"dormant_change"}
    )
    if said:
        assert (
            said in err
            and err.count("提示：") == 1
            and RULE in err
            and said in found["sentence"].iloc[0]
            and found["key"].tolist() == ["s.yaml 第 4 行"]
        )
    else:
        assert "提示" not in err


def test_run_writes_one_year_s_rows_where_one_is_asked_for(two_years, cap_scheme, tmp_path, capsys):
    scheme = cap_scheme(dates=SLEEPS)
    _, every = ran(two_years, scheme, tmp_path / "all", capsys)
    for year, said in ((2021, "到2021年7月1日尚未生效，不影响2021年度的结果"), (2022, "")):
        err, one = ran(two_years, scheme, tmp_path / str(year), capsys, "--year", str(year))
        for name in ("fees", "organisations", "offerings", "colleges", "provinces"):
            rows = every[name][every[name]["year"] == str(year)].reset_index(drop=True)
            assert len(rows) and len(rows) < len(every[name])
            pd.testing.assert_frame_equal(one[name], rows)
        assert said in err and ("提示" in err) == bool(said)


@pytest.mark.parametrize(("forms", "en", "zh"), [(2, "", ""), (3, " and 1 more", "等4项")])
def test_three_changes_are_named_and_the_others_counted(tmp_path, forms, en, zh):
    path = tmp_path / "t.yaml"
    changes = [
        f"  - {{parameter: fees.cap.{form}, scale: 1.1, rationale: 试, from: 2021-09-01}}\n"
        for form in ("paper", "computer", "practical", "special_practical")[: forms + 1]
    ]
    head = "title: {zh: 试, en: try}\nauthor: t\nchanges:\n"
    path.write_text(head + "".join(changes), encoding="utf-8")
    law, scenarios = load_law(), [read_scenario(str(path))]
    said = {lang: year_notes(law, scenarios, [2021], lang)[0] for lang in ("zh", "en")}
    assert f"{en})" in said["en"] and (" more" in said["en"]) == bool(en)
    assert f"{zh}）" in said["zh"] and ("等" in said["zh"]) == bool(zh)


def test_changes_with_the_same_dates_are_one_sentence_in_either_language(tmp_path):
    path = tmp_path / "t.yaml"
    changes = [
        f"parameter: fees.cap.{form}, scale: 1.1"
        for form in ("paper", "computer", "practical", "special_practical")
    ] + ["table: offerings, column: candidates, scale: 2"]
    path.write_text(
        "title: {zh: 试, en: try}\nauthor: t\nchanges:\n"
        + "".join(f"  - {{{one}, rationale: 试, from: 2021-09-01}}\n" for one in changes)
        + "  - {parameter: fees.beta, value: 0.3, rationale: 试, from: 2025-01-01}\n",
        encoding="utf-8",
    )
    law, scenarios = load_law(), [read_scenario(str(path))]
    zh, en = (year_notes(law, scenarios, [2021], lang) for lang in ("zh", "en"))
    assert (
        len(zh) == len(en) == 2
        and "（纸笔考试成本上限、机考成本上限、一般实操成本上限等5项）" in zh[0]
        and "and 2 more" in en[0]
    )
    assert (
        "are not yet in force on 1 July 2021 and leave 2021 as it is" in en[0]
        and "begin after the last year computed (2021)" in en[1]
    )
    assert "情景 t 自2025-01-01起的改动（机构协商取得份额（β））晚于" in zh[1] and not any(
        "一" <= one <= "龥" for text in en for one in text
    )
    assert (
        year_notes(law, scenarios, [2022, 2025]) == ()
        and len(year_notes(law, scenarios, [2024])) == 1
    )


COMMANDS = {
    "sensitivity": [],
    "solve": [
        "--vary",
        "cap_scale",
        "--measure",
        "fee_bill",
        "--at-most",
        "8万",
        "--low",
        "0.5",
        "--high",
        "2",
        "--draws",
        "-1",
    ],
    "winners": [],
    "montecarlo": ["--draws", "1", "--workers", "1"],
    "pot": [],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_each_question_can_be_asked_of_an_earlier_year(
    command, two_years, cap_scheme, tmp_path, capsys
):
    """2021 of two years gives what the example gives, which has 2021 alone; the year asked is the last one unless it is named."""
    typed, said = (
        [command, *COMMANDS[command], "--scenario", cap_scheme(dates=", from: 2021-07-01")],
        {},
    )
    for key, more in {
        "alone": ["--data", "example"],
        "2021": ["--data", str(two_years), "--year", "2021"],
        "2022": ["--data", str(two_years), "--year", "2022"],
        "last": ["--data", str(two_years)],
    }.items():
        code = main([*typed, *more])
        said[key] = (code, capsys.readouterr())
    assert (
        said["alone"][1].out
        and said["2021"][0] == said["alone"][0] == 0
        and said["2021"][1].out == said["alone"][1].out
    )
    assert said["last"] == said["2022"] and said["2022"][1].out != said["2021"][1].out
    assert (
        "年度：2021（数据另有2022，用 --year 选择）" in said["2021"][1].err
        and "年度：" not in said["alone"][1].err
    )


@pytest.mark.parametrize("command", [*COMMANDS, "run"])
def test_a_year_that_is_not_in_the_data_is_named_with_those_that_are(
    command, two_years, tmp_path, capsys
):
    typed = [
        command,
        *(["--out", str(tmp_path / "o")] if command == "run" else COMMANDS[command]),
        "--data",
        str(two_years),
        "--scenario",
        "cap_plus_20",
    ]
    assert main([*typed, "--year", "2020"]) == 1
    said = capsys.readouterr()
    assert (
        "年度 2020：数据中没有这一年。可用年度：2021、2022。" in said.err
        and not said.out
        and not (tmp_path / "o").exists()
    )
    with pytest.raises(SystemExit) as ended:
        main([*typed, "--year", "0"])
    assert ended.value.code == 2


@pytest.mark.parametrize("command", COMMANDS)
def test_a_scenario_that_sleeps_in_the_year_asked_is_said(command, two_years, cap_scheme, capsys):
    typed = [
        command,
        *COMMANDS[command],
        "--data",
        str(two_years),
        "--year",
        "2021",
        "--scenario",
        cap_scheme(dates=SLEEPS),
    ]
    assert main(typed) == 0
    assert (
        "提示：情景 s 自2021-09-01起的改动（一般实操成本上限）到2021年7月1日尚未生效，不影响2021年度的结果。"
        + RULE
        in capsys.readouterr().err
    )
    assert main([*typed, "--lang", "en"]) == 0
    assert "note: scenario s: its changes from 2021-09-01 (" in capsys.readouterr().err
