"""What codes are called: every table of names.yaml is read, each name is there in both languages, none is half translated."""

import re
from pathlib import Path

import pytest

import onexmodel
from onexmodel.law.yamlfile import read_yaml
from onexmodel.report.page import words

TABLES = read_yaml(Path(onexmodel.__file__).parent / "report" / "page" / "names.yaml").data


@pytest.mark.parametrize("table", TABLES)
def test_a_name_stands_in_both_languages(table):
    assert hasattr(words, table), f"nobody reads {table}"
    for code, name in words.names(table).items():
        assert name.zh and name.en, code
        assert not re.search("[\u3400-\u9fff]", name.en), code


def test_tables_of_codes_keep_their_order():
    from onexmodel.rules import fee, funding

    assert tuple(words.BINDS) == fee.BINDS
    assert tuple(words.USES) == funding.USES
    assert tuple(words.SOURCES)[: len(funding.SOURCES)] == funding.SOURCES
