"""A Dask address at which nobody listens, or something else does, is told in a sentence, and soon."""

import socket
import threading
import time

import pytest

from onexmodel.analysis.draws import sweep
from onexmodel.cli import main
from onexmodel.errors import ParameterError

SWEEP = "data: example\nparameters:\n  fees.beta: [0.5]\nmeasures: [fee_bill]\n"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("tcp://127.0.0.1:1", "没有 Dask 调度程序应答"),
        ("tcp://nobody.invalid:8786", "没有 Dask 调度程序应答"),
        ("tcp://127.0.0.1", "不是 Dask 地址"),
        ("tcp://127.0.0.1:99999", "不是 Dask 地址"),
        ("http://127.0.0.1:80", "不是 Dask 地址"),
        ("nonsense", "不是 Dask 地址"),
        ("tcp://[::1", "不是 Dask 地址"),
    ],
)
def test_before_anything_is_read(address, words, tmp_path, capsys):
    pytest.importorskip("distributed", reason="sweeps on several machines need it")
    path = tmp_path / "s.yaml"
    path.write_text(SWEEP, encoding="utf-8")
    begun = time.monotonic()
    assert main(["sweep", str(path), "--out", str(tmp_path / "o"), "--scheduler", address]) == 1
    said = capsys.readouterr().err
    assert words in said and address in said and len(said.splitlines()) == 1
    assert time.monotonic() - begun < 10 and not list((tmp_path / "o").glob("*"))


@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n" * 9, b""])
def test_what_listens_is_not_dask(answer, monkeypatch):
    pytest.importorskip("distributed", reason="sweeps on several machines need it")
    monkeypatch.setattr(sweep, "ANSWER", 1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        kept = []

        def serve():
            while True:
                try:
                    kept.append(server.accept()[0])
                    kept[-1].sendall(answer)
                except OSError:
                    return

        threading.Thread(target=serve, daemon=True).start()
        with pytest.raises(ParameterError, match="没有 Dask 调度程序应答"):
            sweep._client(f"tcp://127.0.0.1:{server.getsockname()[1]}")
