"""What a report says of its data on the first page: observed, estimated or simulated, and on which side of the transfer they lie."""

from __future__ import annotations

import numpy as np

from ...analysis.response_basis import unanswered_share
from ...analysis.study import Study
from ...data.checking import transfer
from ...data.checking.row_basis import basis, basis_words, joint
from ..annex.sources import cap_kinds, kind_word
from ..page.blocks import Block, bar, paragraphs
from ..page.words import SOURCE_KINDS
from ..page.writer import PageWriter
from .opening import counted, last_sitting, looked_back

UNCERTAIN = [
    kind for kind, name in SOURCE_KINDS.items() if name.en in ("assumption", "simulated")
]  # kinds of sources that a cap had better not rest on


def data_state(study: Study, writer: PageWriter) -> Block:
    """Shares of the place's offerings observed, estimated (an imputed cell counts), simulated, by the least observed of the plan and the
    cost and fee rows that serve it: the bar of the front box; and a line on the other tables that are not observed."""
    groups = basis(study.tables, study.year, study.colleges)
    rows = joint(groups)
    observed, estimated, simulated = [
        (rows == kind).mean() if len(rows) else 0.0
        for kind in ("observed", "estimated", "simulated")
    ]
    differ = len({kind for status in groups.values() for kind in status}) > 1
    filled = sum(int(mask.sum()) for mask in study.tables.imputed.values())
    said = writer.words("front").state(
        observed, estimated, simulated, basis_words(groups, writer.lang) if differ else "", filled
    )
    return bar(observed, estimated, simulated, said) + paragraphs(
        counted(study, writer), other_states(study, writer), looks_back(study, writer)
    )


def looks_back(study: Study, writer: PageWriter) -> str:
    """That a report of a year of the pilot looks back; "" for a later year."""
    last = last_sitting(study)
    if not looked_back(study, writer.date):
        return ""
    return writer.words("front").looks_back(
        study.year, transfer.NOTICE, transfer.in_words(last, writer.lang)
    )


def unanswered(study: Study, writer: PageWriter) -> list[str]:
    """For the front box: that a removed cap leaves fees without an answer, which the numbers hold at their baseline; nothing else."""
    share = unanswered_share(study)
    return [writer.words("front").unanswered(share)] if share > 0 else []


def beyond_said(study: Study, writer: PageWriter) -> list[str]:
    """For the front box: that plans of the report's year, or sittings on record, lie after the last day of X sittings; nothing else."""
    words, last = writer.words("front"), last_sitting(study)
    late = transfer.beyond(study.tables.frames, last, study.colleges)
    plans = study.tables["offerings"]["year"].iloc[late.get("offerings", [])] == study.year
    sittings = len(late.get("assessments", ()))
    rests_on = (transfer.NOTICE, transfer.in_words(last, writer.lang))
    return [
        *([words.plans_beyond(study.year, *rests_on)] if plans.any() else []),
        *([words.sittings_beyond(sittings, *rests_on)] if sittings else []),
    ]


def other_states(study: Study, writer: PageWriter) -> str:
    """「费用标准、成本项目：模拟；成本上限：假设」: tables beside the plans whose rows here are not all observed; "" where all are."""
    words, said = writer.words("front"), {}
    for table, name in words.tables.items():
        rows = study.tables.row_status(table)[study.here(table)]
        shares = [(kind, np.mean(rows == kind)) for kind in ("simulated", "estimated") if len(rows)]
        state = words.row_states([(kind, share) for kind, share in shares if share > 0])
        if table == "caps":
            kinds = [one for one in cap_kinds(study) if one in UNCERTAIN]
            state = words.listed(kind_word(one, writer.lang) for one in kinds) or state
        if state:
            said.setdefault(state, []).append(name)
    return words.other_states(said.items())
