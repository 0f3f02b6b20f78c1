"""Whatever of the law readers see is said in Chinese and in English; the loader refuses what is not."""

import re

import pytest

from onexmodel.errors import LawError
from onexmodel.law import load_law
from onexmodel.law.loading import _parameter
from onexmodel.law.yamlfile import read_yaml

CHINESE = re.compile("[\u4e00-\u9fff]")
DOCUMENT = re.compile(
    r"[\u4e00-\u9fff]+〔\d{4}〕\d+号|承担培训任务的教师"
)  # a document's own number, and words quoted from it
CODES = re.compile(r"\b([FSWC]\d{1,2}|§\d|GD \d|NAT \d)\b")
TEXT = """parameters:
  fees.x:
    zh: 甲
    en: a
    kind: reading
    unit: –
    type: choice
    options:
      'no': {zh: 否, en: no}
      'yes': {zh: 是, en: really}
    status: assumption
    reason: {zh: 为假设, en: an assumption}
    values:
    - {from: 2020-01-01, value: 'no', source: ASSUMPTION}
"""


def test_reasons_options_and_formulas_are_said_in_both_languages():
    law = load_law()
    for name, parameter in law.parameters.items():
        assert CHINESE.search(parameter.reason), name
        assert parameter.reason_en and not CHINESE.search(DOCUMENT.sub("", parameter.reason_en)), (
            name
        )
        assert not CODES.search(parameter.reason + parameter.reason_en), (
            name
        )  # facts by their source, not by their number here
        assert tuple(parameter.words) == parameter.options and all(
            zh and en for zh, en in parameter.words.values()
        ), name
        assert (parameter.type == "choice") == bool(parameter.options), name
    for name, rule in law.rules.items():
        assert CHINESE.search(rule["formula"]) and not CHINESE.search(rule["formula_en"]), name
        assert "inf" not in rule["formula_en"] and "nan" not in rule["formula_en"], name
    for name, source in law.sources.items():
        assert source["title_en"] and not CHINESE.search(
            re.sub(r"[\u4e00-\u9fff]+〔\d{4}〕\d+号", "", source["title_en"])
        ), name
    assert not CODES.search(
        " ".join(source["title"] + source["title_en"] for source in law.sources.values())
    )


def test_every_rule_a_clause_names_has_words():
    law = load_law()
    assert {name for clause in law.clauses for name in clause["rules"]} <= set(law.rules)


def test_options_keep_their_words():
    parameter = _parameter("fees.x", read_yaml("fee.yaml", TEXT).data["parameters"]["fees.x"])
    assert parameter.options == ("no", "yes") and parameter.words["yes"] == ("是", "really")
    assert (parameter.because("zh"), parameter.because("en")) == ("为假设", "an assumption")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("{zh: 为假设, en: an assumption}", "{zh: 为假设}", "缺少「en」"),
        ("{zh: 为假设, en: an assumption}", "{zh: –, en: x}", "「zh」是空的"),
        ("{zh: 为假设, en: an assumption}", "假设", "这里应为 键: 值"),
        ("'yes': {zh: 是, en: really}", "'yes': {zh: 是}", "缺少「en」"),
    ],
)
def test_what_is_said_in_one_language_only_is_refused(old, new, words):
    with pytest.raises(LawError) as refused:
        load_law([read_yaml("fee.yaml", TEXT.replace(old, new))])
    assert words in str(refused.value) and "fee.yaml 第" in str(refused.value)
