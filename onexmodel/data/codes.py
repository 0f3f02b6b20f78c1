"""Code lists, Chinese ↔ English. Files may use either; inside the product only the English code exists."""

LEVEL = {"初级": "junior", "中级": "intermediate", "高级": "advanced", "不分等级": "all"}
COMPONENT = {"理论": "theory", "实操": "practical"}
FORM = {
    "纸笔": "paper",
    "机考": "computer",
    "一般实操": "practical",
    "特殊实操": "special_practical",
}
TIER = {"中职": "secondary", "高职": "higher", "应用本科": "applied"}
TIERS = tuple(TIER.values())  # the order of values by tier in an array
OWNERSHIP = {"公办": "public", "民办": "private"}
PHASE = {"考核": "assessment", "培训": "training"}
ITEM = {
    "题库建设": "question_bank",
    "组卷": "composing",
    "试卷印制": "printing",
    "阅卷": "marking",
    "证书印制及发放": "certificate_issue",
    "考评员劳务": "assessor_fees",
    "考试系统技术支持与运维": "system",
    "考场租赁": "room_hire",
    "考务保障": "support",
    "材料": "materials",
    "设备": "equipment",
    "场地": "room",
    "外聘教师": "external_trainers",
}
SUB_ITEM = {
    "报名": "registration",
    "布置": "set_up",
    "监考": "invigilation",
    "设备": "equipment",
    "耗材": "consumables",
    "安保": "security",
}
DRIVER = {
    "全国年": "nation_year",
    "省年": "province_year",
    "计划": "offering",
    "场次": "session",
    "考评员": "assessor",
    "培训班": "group",
    "人次": "sitting",
    "考生": "candidate",
    "获证": "award",
}
PRICED_BY = {"否": "none", "物价": "price", "工资": "wage"}
BORNE_BY = {"培训评价组织": "organisation", "院校": "college"}
STAGE = {
    "申报": "proposed",
    "论证": "reviewed",
    "反馈": "returned",
    "征求意见": "consulted",
    "公布": "published",
}
SOURCE_OF_FUNDS = {
    "中央奖补": "central_award",
    "地方投入": "local_appropriation",
    "生均拨款": "per_student_appropriation",
    "学费": "tuition",
    "其他事业收入": "other_income",
    "支出结构调整": "reallocation",
    "社会资本（现金）": "social_capital",
    "社会资本（实物）": "social_capital_in_kind",
}
USE = {
    "培训": "training",
    "考核颁证": "assessment",
    "教师培训": "teacher_training",
    "教师绩效工资": "performance_pay",
}
ROLE = {"培训": "training", "考评": "assessor", "考务": "support", "无": "none"}
PAYER = {"院校": "college", "学生": "student"}
GUARD = {
    "通过率": "pass_rate",
    "考评员比": "candidates_per_assessor",
    "人均时长": "minutes_per_candidate",
    "考评独立性": "assessor_independence",
}
EVIDENCE = {"实测": "measured", "文献": "literature", "专家判断": "expert", "假设": "assumption"}
SOURCE_KIND = {word: word for word in ("政策文件", "公告", "账务", "调查", "文献", "假设", "模拟")}
IN_FORCE = {"是": "yes", "否": "no", "未核实": "unverified"}

BY_COLUMN = {
    "level": LEVEL,
    "component": COMPONENT,
    "form": FORM,
    "tier": TIER,
    "ownership": OWNERSHIP,
    "phase": PHASE,
    "item": ITEM,
    "sub_item": SUB_ITEM,
    "driver": DRIVER,
    "priced_by": PRICED_BY,
    "borne_by": BORNE_BY,
    "stage": STAGE,
    "source_of_funds": SOURCE_OF_FUNDS,
    "use": USE,
    "role": ROLE,
    "payer": PAYER,
    "guard": GUARD,
    "evidence": EVIDENCE,
    "kind": SOURCE_KIND,
    "in_force": IN_FORCE,
}
FREE = ("sub_item",)  # a list with common words; other words are kept as they are
TRUE, FALSE = ("是", "yes", "true", "1"), ("否", "no", "false", "0", "")
