"""What codes are called on a page, Chinese and English (terms of glossary.csv)."""

from __future__ import annotations

SOURCES = {"central_award": ("中央奖补", "central award"), "local_appropriation": ("地方投入", "local appropriation"),
           "per_student_appropriation": ("生均拨款", "per-student appropriation"), "tuition": ("学费", "tuition"),
           "other_income": ("其他事业收入", "other income"), "reallocation": ("支出结构调整", "reallocation"),
           "social_capital": ("社会资本", "social capital"), "funding_gap": ("未落实缺口", "not covered")}
FISCAL = ("central_award", "local_appropriation", "per_student_appropriation")
OWN = ("tuition", "other_income", "reallocation")
USES = {"assessment": ("考核颁证", "assessment"), "training": ("培训", "training"),
        "teacher_training": ("教师培训", "teacher training"), "performance_pay": ("教师绩效工资", "performance pay")}
BINDS = {"cap": ("上限", "cap"), "verification": ("核定", "verification"), "proposal": ("申报价", "given proposal"),
         "bargaining": ("协商（测算）", "bargaining (modelled)"), "special": ("特殊情况", "special case")}
FORMS = {"paper": ("纸笔", "paper"), "computer": ("机考", "computer"), "practical": ("一般实操", "general practical"),
         "special_practical": ("特殊实操", "special practical")}
TIERS = {"secondary": ("中职", "secondary"), "higher": ("高职", "higher"), "applied": ("应用本科", "applied")}
OWNERSHIP = {"public": ("公办", "public"), "private": ("民办", "private")}
LEVELS = {"junior": ("初级", "junior"), "intermediate": ("中级", "intermediate"), "advanced": ("高级", "advanced")}
OPTIONS = {"sum": "相加", "weighted": "按占比加权", "max": "取高者", "yes": "是", "no": "否", "none": "不考虑", "supply": "机构响应", "both": "机构与经费响应",
           "audited": "第三方核定", "accumulated": "累计触发", "yearly": "逐年", "never": "不调整", "elasticity": "弹性法", "rate": "课时费法",
           "income_share": "收入提取法", "added": "全部新增", "overload": "仅超工作量", "vocational": "职业院校", "all": "全部", "uplift": "仅核增部分",
           "total": "全部总量", "training": "仅培训课时", "contract": "协议价", "first_published": "首次公布标准", "sat": "实考", "registered": "报名",
           "deadline": "期限前考核", "before_notice": "通知前考核"}
STATUS = {"law": ("政策文件", "policy document"), "published": ("公开", "published"), "assumption": ("假设", "assumption"),
          "required": ("须提供", "to be supplied")}
KINDS = {"instrument": ("政策工具", "instrument"), "reading": ("文本读法", "reading"), "belief": ("现实判断", "belief"),
         "setting": ("设定", "setting")}
ITEMS = {"question_bank": ("题库建设", "question bank"), "composing": ("组卷", "composing"), "printing": ("试卷印制", "printing"),
         "marking": ("阅卷", "marking"), "certificate_issue": ("证书印制及发放", "certificates"),
         "assessor_fees": ("考评员劳务", "assessors' fees"), "system": ("考试系统技术支持与运维", "test system"),
         "room_hire": ("考场租赁", "room hire"), "support": ("考务保障", "support"), "materials": ("材料", "materials"),
         "equipment": ("设备", "equipment"), "room": ("场地", "room"), "external_trainers": ("外聘教师", "external trainers")}
FACTORS = {"fee": ("核定标准", "fee standards"), "price": ("价格水平", "prices"), "scale": ("场次规模", "scale"), "own": ("院校自身成本", "colleges' own costs"), "mix": ("证书结构", "mix"),
           "pass_rate": ("通过率", "pass rate")}
HEADLINES = {"mean_approved_fee": ("平均核定标准", "mean approved fee"), "fee_bill": ("考核费支出", "fee bill"),
             "college_outlay": ("学校年支出", "college outlay"), "funding_gap": ("院校经费缺口", "funding gap of colleges"),
             "supplier_shortfall": ("机构成本未覆盖额", "shortfall of organisations"),
             "unmet_share": ("未满足考核需求", "unmet demand"), "suppliers_short": ("过半需求无人承接的机构", "organisations serving under half"),
             "served": ("可考核人数", "candidates served"), "awarded": ("获证人次", "certificates"), "uplift": ("绩效核增", "uplift")}


def word(table: dict[str, tuple[str, str]], code: str, lang: str) -> str:
    """The name of a code in the report's language."""
    return table[code][0 if lang == "zh" else 1]
