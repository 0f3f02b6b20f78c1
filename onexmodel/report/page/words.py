"""What codes are called on a page, Chinese and English."""

from __future__ import annotations

SOURCES = {
    "central_award": ("中央奖补", "central award"),
    "local_appropriation": ("地方投入", "local appropriation"),
    "per_student_appropriation": ("生均拨款", "per-student appropriation"),
    "tuition": ("学费", "tuition"),
    "other_income": ("其他事业收入", "other income"),
    "reallocation": ("支出结构调整", "reallocation"),
    "social_capital": ("社会资本", "social capital"),
    "funding_gap": ("未落实缺口", "not covered"),
}
FISCAL = ("central_award", "local_appropriation", "per_student_appropriation")
OWN = ("tuition", "other_income", "reallocation")
USES = {
    "assessment": ("考核颁证", "assessment"),
    "training": ("培训", "training"),
    "teacher_training": ("教师培训", "teacher training"),
    "performance_pay": ("教师绩效工资", "performance pay"),
}
BINDS = {
    "cap": ("上限", "cap"),
    "verification": ("核定", "verification"),
    "proposal": ("申报价", "given proposal"),
    "bargaining": ("协商（测算）", "bargaining (modelled)"),
    "special": ("特殊情况", "special case"),
}
FORMS = {
    "paper": ("纸笔", "paper"),
    "computer": ("机考", "computer"),
    "practical": ("一般实操", "general practical"),
    "special_practical": ("特殊实操", "special practical"),
}
TIERS = {
    "secondary": ("中职", "secondary"),
    "higher": ("高职", "higher"),
    "applied": ("应用本科", "applied"),
}
OWNERSHIP = {"public": ("公办", "public"), "private": ("民办", "private")}
LEVELS = {
    "junior": ("初级", "junior"),
    "intermediate": ("中级", "intermediate"),
    "advanced": ("高级", "advanced"),
}
OPTIONS = {
    "sum": "相加",
    "weighted": "按占比加权",
    "max": "取高者",
    "yes": "是",
    "no": "否",
    "none": "不考虑",
    "supply": "机构响应",
    "both": "机构与经费响应",
    "audited": "第三方核定",
    "accumulated": "累计触发",
    "yearly": "逐年",
    "never": "不调整",
    "elasticity": "弹性法",
    "rate": "课时费法",
    "income_share": "收入提取法",
    "added": "全部新增",
    "overload": "仅超工作量",
    "vocational": "职业院校",
    "all": "全部",
    "uplift": "仅核增部分",
    "total": "全部总量",
    "training": "仅培训课时",
    "contract": "协议价",
    "first_published": "首次公布标准",
    "sat": "实考",
    "registered": "报名",
    "deadline": "期限前考核",
    "before_notice": "通知前考核",
    "transfer": "移交前考核",
}
STATUS = {
    "law": ("政策文件", "policy document"),
    "published": ("公开", "published"),
    "assumption": ("假设", "assumption"),
    "required": ("须提供", "to be supplied"),
}
KINDS = {
    "instrument": ("政策工具", "instrument"),
    "reading": ("对文件的理解（读法）", "how the text is read"),
    "belief": ("对现实的判断", "how the world is"),
    "setting": ("测算设定", "setting"),
}
CODES = {
    "candidates": ("考生数", "candidates"),
    "need": ("经费需求", "need"),
    "low_capacity": ("财力薄弱程度", "low fiscal capacity"),
    "all": ("不分等级", "all levels"),
    "published_fee": ("公布的标准", "published fee"),
    "given_proposal": ("申报价", "given proposal"),
    "share": ("比例", "share"),
    **SOURCES,
    **USES,
    **BINDS,
    **FORMS,
    **TIERS,
    **OWNERSHIP,
    **LEVELS,
}  # codes that may stand as a value or a place; options of a parameter have their words in its YAML
ROW_STATES = {
    "observed": ("观测", "observed"),
    "estimated": ("估算", "estimated"),
    "simulated": ("模拟", "simulated"),
}
SOURCE_KINDS = {
    "政策文件": "policy document",
    "公告": "public notice",
    "账务": "accounts",
    "调查": "survey or web page",
    "文献": "literature",
    "假设": "assumption",
    "模拟": "simulated",
}
IN_FORCE = {"yes": ("是", "yes"), "no": ("否", "no"), "unverified": ("未核实", "not checked")}
ISSUERS = {
    "教育部办公厅等四部门": "Ministry of Education (general office) and three other departments",
    "广东省教育厅等四部门": "Guangdong department of education and three others",
    "人力资源社会保障部办公厅、教育部办公厅": "Ministry of Human Resources and Social Security, Ministry of Education (general offices)",
    "教育部职业教育与成人教育司": "Ministry of Education, vocational and adult education",
    "见题名": "see the title",
    "文献": "literature",
    "教育部、国家统计局": "Ministry of Education, National Bureau of Statistics",
}
DOCUMENTS = {
    "NAT": "教财厅函〔2020〕12号",
    "GD": "粤教职函〔2020〕31号",
    "154": "人社厅函〔2025〕154号",
}
UNITS = {
    "人次/年": "sittings a year",
    "人/年": "persons a year",
    "场/年": "sessions a year",
    "班/年": "groups a year",
    "元/年": "yuan a year",
    "元/人次": "yuan a sitting",
    "课时/年": "hours a year",
    "元/课时": "yuan an hour",
    "人": "persons",
    "人次": "sittings",
    "次": "times",
    "分钟": "minutes",
    "元": "yuan",
    "元/人": "yuan each",
    "课时/人·年": "hours a person a year",
    "班/人": "groups a person",
    "课时/班": "hours a group",
    "人/考评员": "per assessor",
    "课时/场": "hours a session",
    "人/场": "staff a session",
    "个": "",
    "所": "colleges",
    "家": "organisations",
    "年": "years",
    "分": "fen",
    "档": "class",
    "百分点": "points",
    "元/证": "yuan a certificate",
    "元/省·年": "yuan a province a year",
    "万元": "× 10,000 yuan",
    "万元/年": "× 10,000 yuan a year",
    "场": "sessions",
    "课时": "hours",
    "是/否": "yes or no",
    "share": "share",
    "share/年": "share a year",
    "元/生·年": "yuan a student a year",
    "全国=1": "nation = 1",
}
FINDINGS = {  # code of a finding → what kind of thing it is
    "over_cap": ("费用高于上限余额", "fee above the room under the cap"),
    "unverified": ("没有核定价", "not verified"),
    "special_case_without_document": ("特殊情况缺文号", "special case without a document"),
    "no_pay_pool": ("缺绩效工资总量", "no pay total"),
    "printing_for_computer_based": ("机考列支印制费", "printing of a computer-based test"),
    "marking_for_computer_based": ("机考列支阅卷费", "marking of a computer-based test"),
    "paid_outside_total": ("总量外领取报酬", "paid outside the pay total"),
    "item_with_two_bearers": ("重复列支", "item charged twice"),
    "price_outlier": ("单价偏高", "price far above its kind"),
    "dormant_change": ("情景改动未生效", "change not in force"),
    "part_year_change": ("情景改动在年度之内", "change inside a year"),
    "paid_above_standard": ("高于标准付费", "paid above the standard"),
    "invoiced_not_recorded": ("人次不符", "sittings differ"),
    "basis_contract": ("按协议价计", "at the contract price"),
    "basis_first_published": ("按首次公布价计", "at the first published price"),
    "basis_invoice": ("按发票计", "at the invoice"),
    "basis_none": ("无价可依", "no price"),
    "special_case_before_approval": ("审核前按特殊标准收费", "special fee before approval"),
    "arrears_in_scope": ("逾期未结清", "overdue"),
    "paid_before_assessment": ("预付", "paid before the assessment"),
    "paid_twice": ("疑似重复支付", "perhaps paid twice"),
    "voucher_again": ("凭证号重复", "voucher number again"),
    "charge_to_students": ("学生付费", "paid by students"),
    "unmatched_payment": ("支付未对应批次", "payment without a batch"),
    "two_fees": ("同日两个标准", "two fees on one day"),
    "fee_without_verification": ("未经核定", "fee without verification"),
    "data": ("数据", "data"),
    "after_transfer": ("移交之后", "after the transfer"),
    "caps_below_published_fee": ("上限低于已公布标准", "caps below a published fee"),
    "imputed": ("已填补", "filled in"),
    "impute": ("填补", "filling in"),
}
GIVEN = {
    "province": ("省份", "province"),
    "college": ("院校", "college"),
    "year": ("年度", "year"),
    "scenario": ("情景", "scenario"),
    "settings": ("另行设定的参数", "parameters set"),
    "lang": ("语言", "language"),
    "internal": ("内部版", "internal"),
    "log2_draws": ("抽样次数", "draws"),
    "seed": ("随机数种子", "seed"),
    "at": ("截至日", "as of"),
    "levers": ("降本措施", "levers"),
    "intensity": ("措施力度", "intensity"),
}
ITEMS = {
    "question_bank": ("题库建设", "question bank"),
    "composing": ("组卷", "composing"),
    "printing": ("试卷印制", "printing"),
    "marking": ("阅卷", "marking"),
    "certificate_issue": ("证书印制及发放", "certificates"),
    "assessor_fees": ("考评员劳务", "assessors' fees"),
    "system": ("考试系统技术支持与运维", "test system"),
    "room_hire": ("考场租赁", "room hire"),
    "support": ("考务保障", "support"),
    "materials": ("材料", "materials"),
    "equipment": ("设备", "equipment"),
    "room": ("场地", "room"),
    "external_trainers": ("外聘教师", "external trainers"),
}
FACTORS = {
    "fee": ("核定标准", "fee standards"),
    "price": ("价格水平", "prices"),
    "scale": ("场次规模", "scale"),
    "own": ("院校自身成本", "colleges' own costs"),
    "mix": ("证书结构", "mix"),
    "pass_rate": ("通过率", "pass rate"),
}
HEADLINES = {
    "mean_approved_fee": ("平均核定标准", "mean approved fee"),
    "fee_bill": ("考核费支出", "fee bill"),
    "college_outlay": ("学校年支出", "college outlay"),
    "funding_gap": ("院校经费缺口", "funding gap of colleges"),
    "supplier_shortfall": ("机构成本未覆盖额", "shortfall of organisations"),
    "unmet_share": ("未满足考核需求", "unmet demand"),
    "suppliers_short": ("过半需求无人承接的机构", "organisations serving under half"),
    "served": ("可考核人数", "candidates served"),
    "awarded": ("获证人次", "certificates"),
    "uplift": ("绩效核增", "uplift"),
}

LEADING = {
    name: (HEADLINES[name], True)
    for name in ("fee_bill", "college_outlay", "funding_gap", "supplier_shortfall", "uplift")
} | {
    "mean_approved_fee": (HEADLINES["mean_approved_fee"], False),
    "cash_per_candidate": (("人均考核培训成本（现金）", "cash cost per candidate"), False),
    "outlay_per_candidate": (("人均考核支出", "outlay a candidate"), False),
}  # what a report may lead with: its name, and whether it is a sum of money in 万元


def word(table: dict[str, tuple[str, str]], code: str, lang: str) -> str:
    """The name of a code in the report's language."""
    return table[code][0 if lang == "zh" else 1]


def unit_words(unit: str, lang: str) -> str:
    """A unit as people write it; nothing for numbers without one."""
    plain = unit.strip("–- ")
    if lang == "zh":
        return plain.replace("share", "比例")
    return UNITS.get(plain, plain)


def code_word(code: str, lang: str) -> str:
    """A code's name where it has one, else the text as it is."""
    pair = CODES.get(code)
    return pair[0 if lang == "zh" else 1] if pair else code


def foreign(text: str, lang: str) -> str:
    """A Chinese text as it may stand in an English report: marked, where nobody has translated it."""
    return (
        f"{text} 〔zh〕"
        if lang != "zh" and any("\u4e00" <= sign <= "\u9fff" for sign in text)
        else text
    )
