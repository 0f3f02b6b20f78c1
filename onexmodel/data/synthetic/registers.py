"""What is said about the set itself: label, register of sources, caps, which source may pay what, measures to try."""

from __future__ import annotations

import pandas as pd

LABEL = (
    "模拟数据：院校、证书、费用、经费和结算均为虚构，仅高职院校数与在校生数按公开统计校准；"
    "结果不反映任何省份的实际情况"
)
LABEL_EN = (
    "Simulated data: colleges, certificates, fees, funds and settlements are fictional; only the number of higher "
    "vocational colleges and their students are calibrated to published statistics. Results say nothing about any "
    "real province"
)
# 元/人次, assumptions, never official amounts
CAPS = {"paper": 120, "computer": 150, "practical": 360, "special_practical": 480}
BARRED = {
    ("tuition", "performance_pay"),
    ("social_capital", "assessment"),
    ("social_capital", "teacher_training"),
    ("social_capital", "performance_pay"),
}
SOURCES = (
    "central_award",
    "local_appropriation",
    "per_student_appropriation",
    "tuition",
    "other_income",
    "reallocation",
    "social_capital",
)
USES = ("assessment", "training", "teacher_training", "performance_pay")
NAT_QUOTE = "教财厅函〔2020〕12号要求统筹各类经费；各来源可否用于各用途的逐项划分为假设"


def caps() -> pd.DataFrame:
    """The caps table: assumed amounts, the same at every level."""
    return pd.DataFrame(
        [
            {
                "form": form,
                "level": "all",
                "cap": cap,
                "valid_from": "2020-07-01",
                "valid_to": "",
                "source": "SIM-CAP",
            }
            for form, cap in CAPS.items()
        ]
    )


def eligibility() -> pd.DataFrame:
    """Which source may pay which use."""
    return pd.DataFrame(
        [
            {
                "source_of_funds": source,
                "use": use,
                "allowed": "no" if (source, use) in BARRED else "yes",
                "source": "NAT",
            }
            for source in SOURCES
            for use in USES
        ]
    )


def sources() -> pd.DataFrame:
    """The register: what is assumed, what is simulated, what is published."""
    columns = ["source", "title", "issuer", "issued_on", "address", "quote", "kind", "in_force"]
    made, own = "2026-11-24", "onexmodel"
    return pd.DataFrame(
        [
            [
                "SIM-CAP",
                "成本上限金额（假设，不是官方数字；取值使已公布的费用低于各环节之和）",
                own,
                made,
                "",
                "假设",
                "假设",
                "unverified",
            ],
            [
                "SIM-PRICE",
                "各省价格水平指数一律取 1（假设：未找到分省价格水平的公开数据）",
                own,
                made,
                "",
                "假设",
                "假设",
                "unverified",
            ],
            [
                "SIM-SEC",
                "中职学校数与在校生数的分省拆分（假设：全国公布总数按高职在校生估计数的比例分到各省）",
                own,
                made,
                "",
                "假设",
                "假设",
                "unverified",
            ],
            [
                "NAT",
                "教财厅函〔2020〕12号",
                "教育部办公厅等四部门",
                "2020-08-25",
                "",
                NAT_QUOTE,
                "政策文件",
                "unverified",
            ],
            ["SIM", "全国模拟数据（生成器）", own, made, "", LABEL, "模拟", "unverified"],
            [
                "PUB",
                "高职院校数（教育部名单 2021-09-30）、在校生估计（据国家统计局分省数据推算）、平均工资（中国统计年鉴2022）",
                "教育部、国家统计局",
                "2021-09-30",
                "",
                "见 data/published",
                "公告",
                "unverified",
            ],
        ],
        columns=columns,
    )


def levers() -> pd.DataFrame:
    """Cost-reduction measures to try, every cut an assumption. Forms of a list are joined by 、."""
    columns = [
        "lever",
        "name",
        "item",
        "applies_to_form",
        "quantity_cut",
        "price_cut",
        "cash_only",
        "guard",
        "guard_effect",
        "one_off_cost",
        "life_years",
        "evidence",
    ]
    hands_on = "一般实操、特殊实操"
    return pd.DataFrame(
        [
            [
                "L-venue",
                "利用现有场地",
                "room_hire",
                "机考、" + hands_on,
                0,
                0.8,
                "yes",
                "minutes_per_candidate",
                0,
                20_000,
                5,
                "assumption",
            ],
            [
                "L-consumables",
                "耗材集中采购",
                "support",
                hands_on,
                0,
                0.15,
                "no",
                "pass_rate",
                0,
                0,
                1,
                "assumption",
            ],
            [
                "L-assessor",
                "提高考评员带考人数",
                "assessor_fees",
                hands_on,
                0.2,
                0,
                "no",
                "candidates_per_assessor",
                2,
                0,
                1,
                "assumption",
            ],
            [
                "L-system",
                "省级统一考试系统",
                "system",
                "机考",
                0,
                0.2,
                "no",
                "assessor_independence",
                0,
                50_000,
                5,
                "assumption",
            ],
        ],
        columns=columns,
    )
