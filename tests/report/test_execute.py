"""How notebooks are executed: nothing is written on the way."""

import papermill.engines
import papermill.execute

from onexmodel.report.execute import make_report

GIVEN = {"data": "example", "province": "", "log2_draws": 2}


def test_the_notebook_is_never_saved_on_the_way(tmp_path, monkeypatch):
    def refused(nb, path, **more):
        assert path is None, path
    for module in (papermill.engines, papermill.execute):
        monkeypatch.setattr(module, "write_ipynb", refused)
    made = make_report("performance_pay", GIVEN, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [made.with_suffix(".html").name, made.with_suffix(".json").name]
