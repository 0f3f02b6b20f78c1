"""What must hold between cells: keys, references to other tables, and columns of one row against each other."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ..errors import Fault, nearest
from .codes import LEVEL
from .schema import load_schema
from .tables import Origin
from .values import LISTED

KEYS = {
    "provinces": ("province",),
    "colleges": ("college",),
    "organisations": ("organisation",),
    "certificates": ("certificate",),
    "offerings": ("college", "certificate", "level", "year"),
    "pay_pools": ("college", "year"),
    "components": ("certificate", "level", "component", "province", "college"),
    "assessments": ("assessment",),
    "workload": ("teacher", "college", "year", "role"),
    "funding": ("owner", "year", "source_of_funds"),
    "eligibility": ("source_of_funds", "use"),
    "levers": ("lever",),
    "budget_lines": ("college", "year", "use", "economic_code"),
    "sources": ("source",),
}
REFERENCES = {
    ("colleges", "province"): "provinces",
    ("certificates", "organisation"): "organisations",
    ("components", "certificate"): "certificates",
    ("components", "province"): "provinces",
    ("components", "college"): "colleges",
    ("ingredients", "certificate"): "certificates",
    ("ingredients", "province"): "provinces",
    ("ingredients", "college"): "colleges",
    ("offerings", "college"): "colleges",
    ("offerings", "certificate"): "certificates",
    ("fees", "province"): "provinces",
    ("fees", "certificate"): "certificates",
    ("pay_pools", "college"): "colleges",
    ("assessments", "college"): "colleges",
    ("assessments", "certificate"): "certificates",
    ("payments", "college"): "colleges",
    ("payments", "assessment"): "assessments",
    ("payments", "payee"): "organisations",
    ("workload", "college"): "colleges",
    ("budget_lines", "college"): "colleges",
    ("caps", "source"): "sources",
    ("eligibility", "source"): "sources",
}
# (table, column, must not exceed, sentence)
ORDERED = (
    ("assessments", "sittings", "registered", "实考人次多于报名人数"),
    ("assessments", "retakes", "sittings", "补考人次多于实考人次"),
    ("assessments", "passes", "sittings", "通过人数多于实考人次"),
    ("workload", "x_hours", "hours", "X证书工作量多于实际工作量"),
    ("funding", "carry_over", "limit", "上年结转多于可用额度"),
    ("pay_pools", "uplift_granted", "uplift_limit", "已核增额超过核增上限"),
    ("fees", "valid_from", "valid_to", "执行起始日晚于截止日"),
    ("fees", "special_from", "special_to", "特殊情况起始日晚于截止日"),
    ("caps", "valid_from", "valid_to", "生效日期晚于失效日期"),
)
DIGITS = {
    ("payments", "economic_code"): 5,
    ("budget_lines", "economic_code"): 5,
    ("budget_lines", "functional_code"): 7,
}


def faults_between(
    frames: Mapping[str, pd.DataFrame], origins: Mapping[str, Origin]
) -> list[Fault]:
    """Every fault between cells of the tables that were read."""
    faults: list[Fault] = []
    for table in origins:
        _doubled(table, frames[table], origins[table], faults)
    for (table, column), target in REFERENCES.items():
        if table in origins and column in origins[table].columns:
            _unknown(table, column, target, frames, origins, faults)
    if any(fault.code == "unknown_reference" for fault in faults):
        for target in dict.fromkeys(REFERENCES.values()):
            if target in origins:
                _unused(target, frames, origins, faults)
    if {"funding", "colleges", "provinces"} <= origins.keys() and "owner" in origins[
        "funding"
    ].columns:
        owners = [
            *frames["colleges"]["college"].tolist(),
            *frames["provinces"]["province"].tolist(),
        ]
        _strangers(
            "funding",
            "owner",
            owners,
            "既不在表「院校」中，也不在表「省份」中",
            "填学校标识码；省级统筹的填省级代码",
            frames,
            origins,
            faults,
        )
    for table, column, top, sentence in ORDERED:
        if table in origins and {column, top} <= set(origins[table].columns):
            frame = frames[table]
            _say(
                faults,
                origins[table],
                column,
                np.flatnonzero((frame[column] > frame[top]).to_numpy()),
                sentence,
                "核对两列",
                "order",
            )
    for (table, column), count in DIGITS.items():
        if table in origins and column in origins[table].columns:
            words = frames[table][column].astype(str)
            wrong = np.flatnonzero(
                (words != "").to_numpy() & ~words.str.fullmatch(rf"\d{{{count}}}").to_numpy(bool)
            )
            _say(
                faults,
                origins[table],
                column,
                wrong,
                f"应为 {count} 位数字",
                "按《政府收支分类科目》填写",
                "digits",
            )
    for table, check in (
        ("components", _weights),
        ("fees", _documents),
        ("fees", _overlaps),
        ("caps", _overlaps),
        ("payments", _vouchers),
        ("ingredients", _training),
    ):
        if table in origins:
            check(frames[table], origins[table], faults)
    if {"offerings", "components"} <= origins.keys() and not any(
        fault.level == "error" for fault in faults
    ):
        _bare_plans(frames["offerings"], frames["components"], origins["offerings"], faults)
    return faults


def _training(frame, origin, faults) -> None:
    rows = np.flatnonzero(
        ((frame["phase"] == "training") & (frame["borne_by"] == "organisation")).to_numpy()
    )
    _say(
        faults,
        origin,
        "borne_by",
        rows,
        "培训费用由院校承担，这一行却写培训评价组织",
        "改为院校；由组织承担的不列入",
        "training_bearer",
    )


def _bare_plans(offerings, components, origin, faults) -> None:
    """A plan whose certificate and level have no component for everywhere: its cap and sessions cannot be computed."""
    general = components[(components["province"] == "") & (components["college"] == "")]
    known = set(zip(general["certificate"], general["level"], strict=True))
    (certificate_at, certificates), (level_at, levels) = (
        pd.factorize(offerings[name]) for name in ("certificate", "level")
    )
    bare = np.array(
        [
            [
                (certificate, level) not in known and certificate != "" and level in LEVEL.values()
                for level in levels.tolist()
            ]
            for certificate in certificates.tolist()
        ],
        bool,
    )  # an unknown level is said already
    rows = (
        np.flatnonzero(bare[certificate_at, level_at] & (offerings["candidates"] > 0).to_numpy())
        if bare.size
        else np.array([], int)
    )
    _say(
        faults,
        origin,
        "certificate",
        rows,
        "这一证书和等级没有通用的考核环节，形式与上限无从确定",
        "在考核环节表补上不限省份、院校的一行",
        "no_component",
    )


def _say(
    faults, origin, column, rows, what, do="", code="", near=lambda row: "", level="error"
) -> None:
    faults += [
        origin.fault(int(row), column, what, do, near(int(row)), level, code)
        for row in rows[:LISTED]
    ]
    if len(rows) > LISTED:
        faults.append(
            Fault(
                f"{origin.sheet_name}「{column}」",
                f"同类问题还有 {len(rows) - LISTED} 处：{what}",
                do,
                level=level,
                code=code,
            )
        )


def _doubled(table, frame, origin, faults) -> None:
    keys = [name for name in KEYS.get(table, ()) if name in frame]
    if not keys or (table == "sources" and not len(frame)):
        return
    again = frame.duplicated(keys).to_numpy()
    if again.any():
        headers = "、".join(load_schema()[table][name].header for name in keys)
        _say(
            faults,
            origin,
            keys[0],
            np.flatnonzero(again),
            f"与前面的行重复（{headers}）",
            "只留一行",
            "duplicate",
        )


def _unknown(table, column, target, frames, origins, faults) -> None:
    if target not in origins:
        return  # the table the column points to was not read; its absence is a fault of its own where it is needed
    sheet = next(iter(load_schema()[target].values())).sheet
    if (
        target == "sources" and frames[target].empty
    ):  # no register kept at all: said once, not at every row
        faults.append(
            Fault(
                f"{origins[table].sheet_name}「{origins[table].headers[column]}」",
                f"表「{sheet}」没有一行，无从查对",
                "补上所依据的文件",
                level="warning",
                code="no_register",
            )
        )
        return
    level = "warning" if (table, column) == ("payments", "payee") else "error"
    _strangers(
        table,
        column,
        frames[target][KEYS[target][0]].tolist(),
        f"不在表「{sheet}」中",
        f"改正，或在「{sheet}」补一行",
        frames,
        origins,
        faults,
        level,
    )


def _unused(target, frames, origins, faults) -> None:
    """Where rows point to a key that is not there, the keys nobody points to: one of them is likely the misspelt one."""
    key = KEYS[target][0]
    used = {
        word
        for (table, column), to in REFERENCES.items()
        if to == target and table in origins
        for word in frames[table][column].unique()
    } - {""}
    own = frames[target][key]
    lost = sorted(used - set(own))
    if (
        lost
        and target != "organisations"
        or (lost and not set(frames["certificates"]["organisation"]) <= set(own))
    ):
        idle = np.flatnonzero((~own.isin(used) & (own != "")).to_numpy())
        _say(
            faults,
            origins[target],
            key,
            idle,
            f"没有一行用到它，而别处写的「{'、'.join(lost[:3])}」不在本表",
            "会不会是同一个、写法不同？写成一样的",
            "unused_key",
            lambda row: nearest(own.iloc[row], lost),
            "warning",
        )


def _strangers(table, column, known, what, do, frames, origins, faults, level="error") -> None:
    """Cells that are filled and not among the `known`, each with the nearest of them."""
    kept, values = set(known), frames[table][column]
    at, different = pd.factorize(values)
    strange = np.array([word not in kept and word != "" for word in different.tolist()], bool)
    wrong = np.flatnonzero(strange[at]) if len(different) else np.array([], int)
    if len(wrong):
        sample = list(known)[:5000]
        _say(
            faults,
            origins[table],
            column,
            wrong,
            what,
            do,
            "unknown_reference",
            lambda row: nearest(values.iloc[row], sample),
            level,
        )


def _weights(frame, origin, faults) -> None:
    place = frame.groupby(["certificate", "level", "province", "college"], sort=False)
    total = place["weight"].transform("sum").to_numpy(float)
    general = ((frame["province"] == "") & (frame["college"] == "")).to_numpy()
    first = ~frame.duplicated(["certificate", "level", "province", "college"]).to_numpy()
    lacking = (
        frame.assign(lacks=frame["weight"].isna())
        .groupby(["certificate", "level", "province", "college"], sort=False)["lacks"]
        .transform("any")
        .to_numpy(bool)
    )
    wrong = np.flatnonzero(
        general & first & ~np.isnan(total) & (np.abs(total - 1) > 1e-6) & ~lacking
    )
    for row in wrong:
        _say(
            faults,
            origin,
            "weight",
            [row],
            f"同一证书、等级各环节占比之和为 {total[row]:g}，应为 1",
            "核对各环节占比；上限按所填占比折算",
            "weights",
            level="warning",
        )


def _documents(frame, origin, faults) -> None:
    special, nothing = (
        frame["special_case"].to_numpy(bool),
        (frame["special_document"] == "").to_numpy(),
    )
    _say(
        faults,
        origin,
        "special_case",
        np.flatnonzero(special & nothing),
        "特殊情况没有审核文号，不产生效力",
        "补上省厅审核文号",
        "special_case_without_document",
        level="warning",
    )
    _say(
        faults,
        origin,
        "special_case",
        np.flatnonzero(special & frame["special_fee"].isna().to_numpy()),
        "特殊情况没有填标准",
        "补上特殊情况标准",
        "special_case_without_fee",
        level="warning",
    )
    published = ((frame["stage"] == "published") & (frame["document"] == "")).to_numpy()
    _say(
        faults,
        origin,
        "stage",
        np.flatnonzero(published),
        "已公布的标准没有文号",
        "补上公布文件的文号",
        "no_document",
        level="warning",
    )
    nothing = (
        (frame["stage"] == "published")
        & frame["published_fee"].isna()
        & ~frame["special_case"].astype(bool)
    ).to_numpy()
    _say(
        faults,
        origin,
        "stage",
        np.flatnonzero(nothing),
        "写明已公布而没有填核定费用标准",
        "补上标准，或改阶段",
        "no_published_fee",
        level="warning",
    )


def _overlaps(frame, origin, faults) -> None:
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


def _vouchers(frame, origin, faults) -> None:
    again = frame.duplicated(["college", "voucher", "assessment", "amount", "paid_on"]).to_numpy()
    _say(
        faults,
        origin,
        "voucher",
        np.flatnonzero(again),
        "凭证号、批次、金额和日期都与前面一行相同",
        "重复录入的只留一行",
        "duplicate",
    )
