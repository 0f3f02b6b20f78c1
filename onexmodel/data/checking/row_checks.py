"""What must hold between the columns of one row, and between rows of one table: bearers, components, weights, documents, dates, vouchers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...errors import Fault
from ..codes import LEVEL
from ..reading.values import LISTED
from ..tables import combined


def training_rows(frame, origin, faults) -> None:
    say_fault(
        faults,
        origin,
        "borne_by",
        (frame["phase"] == "training") & (frame["borne_by"] == "organisation"),
        "培训费用由院校承担，这一行却写培训评价组织",
        "改为院校；由组织承担的不列入",
        "training_bearer",
    )


def bare_plans(offerings, components, origin, faults) -> None:
    """A plan whose certificate and level have no component for everywhere: its cap and sessions cannot be computed."""
    general = components[(components["province"] == "") & (components["college"] == "")]
    known = set(zip(general["certificate"], general["level"], strict=True))
    at, kinds = combined(offerings["certificate"], offerings["level"])
    bare = np.array(
        [kind not in known and kind[0] != "" and kind[1] in LEVEL.values() for kind in kinds], bool
    )  # an unknown level is said already
    say_fault(
        faults,
        origin,
        "certificate",
        bare[at] & (offerings["candidates"] > 0).to_numpy(),
        "这一证书和等级没有通用的考核环节，形式与上限无从确定",
        "在考核环节表补上不限省份、院校的一行",
        "no_component",
    )


def say_fault(
    faults, origin, column, rows, what, do="", code="", near=lambda row: "", level="error"
) -> None:
    """A fault at each of the rows (positions, or a mask), up to LISTED; the rest are counted. `what`: a sentence, or row → sentence."""
    rows = np.asarray(rows)
    rows = np.flatnonzero(rows) if rows.dtype == bool else rows
    said = what if callable(what) else lambda row: what
    faults += [
        origin.fault(int(row), column, said(int(row)), do, near(int(row)), level, code)
        for row in rows[:LISTED]
    ]
    if len(rows) > LISTED:
        faults.append(
            Fault(
                f"{origin.sheet_name}「{column}」",
                f"同类问题还有 {len(rows) - LISTED} 处：{said(int(rows[LISTED]))}",
                do,
                level=level,
                code=code,
            )
        )


def component_weights(frame, origin, faults) -> None:
    place = frame.groupby(["certificate", "level", "province", "college"], sort=False)
    total = place["weight"].transform("sum").to_numpy(float)
    general = ((frame["province"] == "") & (frame["college"] == "")).to_numpy()
    first = ~frame.duplicated(["certificate", "level", "province", "college"]).to_numpy()
    lacking = (place["weight"].transform("count") < place["weight"].transform("size")).to_numpy()
    wrong = np.flatnonzero(
        general & first & ~np.isnan(total) & (np.abs(total - 1) > 1e-6) & ~lacking
    )
    for row in wrong:
        say_fault(
            faults,
            origin,
            "weight",
            [row],
            f"同一证书、等级各环节占比之和为 {total[row]:g}，应为 1",
            "核对各环节占比；上限按所填占比折算",
            "weights",
            level="warning",
        )


def fee_documents(frame, origin, faults) -> None:
    special, published = frame["special_case"].astype(bool), frame["stage"] == "published"
    bare = published & (frame["document"] == "") & (not origin.made)  # a short form asks for none
    for column, rows, what, do, code in (
        (
            "special_case",
            special & (frame["special_document"] == ""),
            "特殊情况没有审核文号，不产生效力",
            "补上省厅审核文号",
            "special_case_without_document",
        ),
        (
            "special_case",
            special & frame["special_fee"].isna(),
            "特殊情况没有填标准",
            "补上特殊情况标准",
            "special_case_without_fee",
        ),
        ("stage", bare, "已公布的标准没有文号", "补上公布文件的文号", "no_document"),
        (
            "stage",
            published & frame["published_fee"].isna() & ~special,
            "写明已公布而没有填核定费用标准",
            "补上标准，或改阶段",
            "no_published_fee",
        ),
    ):
        say_fault(faults, origin, column, rows, what, do, code, level="warning")


def overlapping_fees(frame, origin, faults) -> None:
    """Two rows of one fee or cap that both hold on some day: said at both, each with the other's address. An empty end is open."""
    name, keys = (
        ("标准", ["province", "certificate", "level"])
        if "province" in frame
        else ("上限", ["form", "level"])
    )
    rows = frame[[*keys, "valid_from"]].assign(
        row=np.arange(len(frame)), end=frame["valid_to"].fillna(pd.Timestamp("2262-01-01"))
    )
    usable = (rows["valid_from"] < rows["end"]) & (rows[keys] != "").all(
        axis=1
    )  # others are faults already
    rows = rows[usable].sort_values([*keys, "valid_from", "row"])
    if rows.empty:
        return
    latest = rows.groupby(keys, sort=False)["end"].cummax()
    before = latest.groupby([rows[key] for key in keys], sort=False).shift()
    clash = np.flatnonzero((rows["valid_from"] < before).to_numpy())
    if len(clash) > LISTED:
        faults.append(
            Fault(
                f"{origin.sheet_name}「{origin.headers.get('valid_from', '')}」",
                f"同一天有两个{name}的还有 {len(clash) - LISTED} 处",
                code="overlap",
            )
        )
    for at in clash[:LISTED]:
        later, same = (
            rows.iloc[at],
            (rows.iloc[:at][keys] == rows.iloc[at][keys]).all(axis=1).to_numpy(),
        )
        earlier = rows.iloc[:at][
            same & (rows.iloc[:at]["end"] > later["valid_from"]).to_numpy()
        ].iloc[-1]
        for here, other in ((later["row"], earlier["row"]), (earlier["row"], later["row"])):
            what = (
                f"同一天有两个{name}：与 {origin.address(int(other), 'valid_from')} 的起止日期重叠"
            )
            do = "同一对象、同一天只留一行：前一行填上止日，或删去其中一行" + (
                "（换阶段是改这一行的「阶段」，不另加行）" if name == "标准" else ""
            )
            faults.append(origin.fault(int(here), "valid_from", what, do, code="overlap"))


def repeated_vouchers(frame, origin, faults) -> None:
    say_fault(
        faults,
        origin,
        "voucher",
        frame.duplicated(["college", "voucher", "assessment", "amount", "paid_on"]),
        "凭证号、批次、金额和日期都与前面一行相同",
        "重复录入的只留一行",
        "duplicate",
    )
