"""如何读本报告: half a page for those who have never seen one, a general part and the part of each report."""

from __future__ import annotations

from ..page.html import Block
from ..page.press import Press

FIRST = (
    (
        "先看一页摘要：结论一句话、关键数字、谁承担、约束与风险、数据状态。各章的表和图以标题说明发现，下面注明口径和来源；数字右上角的小号数字和表题后的「注」点开后是推导过程；屏幕较窄时，表和图可左右滑动看全部。",
        "Read the summary first: one sentence, key figures, who bears it, risks, state of the data. The title of a table or figure is its finding; the small number after a figure and “note” after a table open how it was made; on a narrow screen swipe tables and figures sideways to see all.",
    ),
    (
        "「基准」是现行规定下的结果，「方案」是改动之后的结果，二者采用同一组假设；没有改动时只有一组结果。",
        "“Baseline” is the result under present rules, “scheme” the result after the change, under the same assumptions; without a change there is one result.",
    ),
)
LAST = (
    (
        "文件没有写明、可作不同理解之处，报告选定一种理解（读法），不参与抽样，换一种理解的结果另列。全部参数、依据和它们对结论的影响见附录。",
        "Where the text is silent the report takes one reading; readings are never drawn at random, and results under the others are listed. All parameters, their sources and effects stand in the annex.",
    ),
    (
        "本报告是测算，不是法律意见，也不是批复依据；模拟数据的结果不反映任何省份或院校的实际情况。",
        "This is a calculation, not legal advice or an approval; results of simulated data say nothing about any real province or college.",
    ),
)
DRAWN = (
    "〔a至b〕是80%区间：把没有确切依据的参数在各自范围内同时变动、反复测算，十次里约有八次落在其中。区间不含数据本身的误差。",
    "[a to b] is an 80 % interval: parameters without firm basis are varied together within their ranges; about eight runs in ten fall inside. Errors of the data are not in it.",
)
OWN = {
    "fee_cap": (
        (
            "上限不是收费标准。标准取三者中最低的一个：扣除院校自担成本后的上限余额、申报价或协商价、核定价；提高上限只在上限或协商起作用的考核人次里改变标准。表2、表3说明提高上限在哪里起作用。",
            "A cap is not a fee. The fee is the lowest of three: the room under the cap, the proposal or bargain, the verified cost; a higher cap changes the fee only where the cap or the bargain decides. Tables 2 and 3 show where.",
        ),
        (
            "「无响应」假定机构照计划全部承接，「有响应」按机构盈亏决定承接多少。机构成本未覆盖额和院校经费缺口方向相反：上限提高，前者减少，后者不减甚至增加，二者不相加。",
            "“None” takes it that organisations serve every plan, “supply” lets each serve by its margin. The organisations' shortfall and the colleges' gap run in opposite directions and are never added.",
        ),
        DRAWN,
    ),
    "performance_pay": (
        (
            "核增是绩效工资总量的增加额。弹性法按工作量增幅乘以核增弹性，课时费法按计入课时乘以课时费，两种结果并列，都不超过核增上限；通知没有规定比例，弹性和上限是假设。",
            "The uplift is the rise of the pay total. Elasticity: growth of workload times an elasticity; class-hour fee: counted hours times the fee; both stand side by side and within the ceiling. The notice names no percentage: elasticity and ceiling are assumptions.",
        ),
        (
            "倾斜系数为0时核增按原份额分给全体教师，为1时全部按课时分给承担任务的教师。基尼系数0为人人相等，越大差距越大。P10、P50、P90是由低到高排在10%、50%、90%处的教师。",
            "At tilt 0 the uplift is shared by old shares, at 1 by hours among those who carry the work. A Gini of 0 is equality. P10, P50, P90: the teachers at 10, 50 and 90 % from the bottom.",
        ),
        (
            "本报告的人数、分位数每组不少于5人；表内合计只含公办且属核增适用范围的院校。各参数的影响见附录。",
            "Groups have at least five teachers; totals hold public colleges within the scope only. The annex shows what each parameter does.",
        ),
        DRAWN,
    ),
    "cost_reduction": (
        (
            "现金口径只算实际支出，经济口径另含现有场地、设备和人员的占用；同一措施可能只省现金、不省资源。「单独」是只采用一项措施的节约，「最后」是其他措施都已采用后再加这一项的节约，「分摊」按各种先后次序取平均（Shapley值），逐项相加等于合计。",
            "Cash counts what is paid, economic cost also the use of present rooms, equipment and staff. “Alone” is a lever by itself, “last” on top of all others, “share” the average over every order (Shapley value), which adds to the total.",
        ),
        (
            "质量底线逐校逐环节检查：通过率、考评员比、人均操作时长有一项触线，该校不采用这项措施，计入「被拒院校」。回收期为一次性投入除以年节约。",
            "Quality is checked college by college: where pass rate, candidates per assessor or minutes per candidate would break its floor, that college refuses the lever. Payback: one-off cost over yearly saving.",
        ),
        (
            "措施幅度和投入的证据等级见表3、表5，各参数的影响见附录。",
            "Tables 3 and 5 grade the evidence of the levers, the annex shows what each parameter does.",
        ),
        DRAWN,
    ),
    "budget_and_settlement": (
        (
            "前半部分是预算：四类用途的需求、来源和缺口，按全年计划测算。「统筹」指各来源在适用范围内作最优安排、专项先用，「按学校次序」指按学校自己的使用次序；两个缺口之差可以通过调整次序消除。",
            "The first half is the budget: needs, sources and gaps of four uses for the year's plan. “Pooled”: sources arranged best within their scope, restricted money first; “own order”: as the college spends. The difference can be closed by changing the order.",
        ),
        (
            "后半部分是结算：应付＝考核当日执行的标准×计费人次，已付取自支付台账，未结清＝应付减已付（不低于0），结清率＝已付（不超过应付）÷应付。账龄从考核日算到报告的截至日。",
            "The second half is the accounts: payable = fee on the day × counted sittings; paid from the ledger; arrears = payable − paid, never below 0; settled = paid (at most payable) over payable. Age runs from the assessment to the report's day.",
        ),
        (
            "结算数来自台账，精确到分，没有区间；需求、来源和缺口带区间，各参数的影响见附录。社会资本的实物投入不计入现金来源。",
            "The accounts are exact, without intervals; needs, sources and gaps carry one, and the annex shows what each parameter does. In-kind capital is not cash.",
        ),
        DRAWN,
    ),
    "province_comparison": (
        (
            "各省开考的证书不同，平均费用不能直接比较；报告用各省共有证书组成的标准化篮子比较，全国加权平均为100%。共同证书太少的省标「不可比」。",
            "Provinces examine different certificates, so plain means mislead: a standard basket of shared certificates is compared, the weighted mean being 100 %. Provinces that share too few are “not comparable”.",
        ),
        (
            "费用水平后的〔a至b〕是80%区间，由逐个去掉一种证书重算得到；注明「假设变动」的来自假设的抽样，也是80%区间。两省区间重叠时不能断定谁高谁低。样本不足的省只报数，不作判断，也不排名。",
            "[a to b] after a fee level is an 80 % interval, made by leaving out one certificate at a time; the one marked “assumptions” comes from draws of the assumptions and is an 80 % interval too. Where intervals overlap, neither is higher. Provinces with small samples are neither judged nor ranked.",
        ),
        (
            "漏斗图中落在线内的差别，可由院校少、波动大解释；收缩值把小样本省的数字拉向全国平均，只用于减少误判。差异来源的各部分相加等于与全国平均之差。",
            "Differences inside the funnel may come from few colleges alone; shrunk values pull small samples to the mean. The parts of a difference add to it.",
        ),
    ),
}


def how_to_read(press: Press, name: str = "") -> Block:
    """Half a page for those who have never seen such a report; `name`: the report's, else the one the press prints."""
    own = OWN.get(name or press.report, (DRAWN,))
    items = "".join(f"<p>{press.say(*pair)}</p>" for pair in (*FIRST, *own, *LAST))
    return Block(
        f'<details class="how"><summary>{press.say("如何读本报告", "How to read this report")}</summary>{items}</details>'
    )
