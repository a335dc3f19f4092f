"""What people write into the records of the demo: short, invented, and in the language of the ledgers."""

from domain.cases import CaseStatus
from domain.reasons import Measure
from domain.visits import DutyRole

MET = ("祖母", "祖父", "外祖母", "母亲", "父亲", "姑姑", "学生本人")
WHEREABOUTS = ("在家", "在县城打零工", "在亲戚家", "随父母外出", "去向待核实")
FAMILY = ("父母外出务工，由祖辈照看", "父母在家务农", "单亲家庭，母亲务工", "父亲患病，经济较紧", "家庭情况一般")
PURPOSE = ("了解未到校原因", "动员返校", "核实去向", "学期家访", "了解家庭监护情况")
CONTENT = {
    "warning": "与家长谈近期表现，提醒按时到校。",
    "ladder": "上门了解未到校原因，讲明义务教育法规定，商定返校办法。",
    "phone": "电话联系家长，告知未到校情况。",
    "term": "介绍在校学习生活，听取家长意见。",
}
RESULTS = ("承诺返校", "拒绝", "未见到人", "承诺返校", "承诺返校")
RETURNED = "已返校"
NEXT_STEP = ("三日内再次上门", "联系村委会共同家访", "请家长陪同返校", "安排帮扶教师谈心")
PERSUASION_KINDS = ("入户", "学校动员", "行政动员", "联合劝返")
PERSUADERS = {
    "school": "班主任、校领导",
    "village": "村干部、班主任",
    "town": "乡镇领导、挂村干部",
    "joint": "教育局、乡镇、学校",
}
EVENT_NOTES = {
    CaseStatus.AT_RISK: "未到校，列入临界对象",
    CaseStatus.SUSPECTED: "连续未到校超过一周，列为疑似辍学",
    CaseStatus.DROPOUT: "连续未到校超过四周，列为辍学",
    CaseStatus.PERSUASION: "成立劝返小组，一人一策",
    CaseStatus.RETURNED: "返校复学，转入跟踪",
    CaseStatus.CLOSED: "材料齐全，销号",
}
REPORTS = ("reported_township", "reported_bureau")
REPORT_NOTE = "联系不上家长，已书面报告"
NOTICE_MATTER, NOTICE_REQUIREMENT = "学生长期未到校", "限期上门劝返并书面反馈"
NOTICE_REPLY, NOTICE_PASSED = "已上门劝返，情况见劝返记录", "通过"
HELP = ("每周谈心一次，每月家访一次", "学业辅导和心理疏导", "生活关爱，节假日联系家长")
CATCH_UP = (
    "语文、数学由班主任每周补两次，期中前补齐",
    "缺课内容由科任教师课后辅导一个月",
    "英语从本学期第一单元补起，结对同学帮助",
)
ASSESSMENTS = {"良好": 0.5, "基本稳定": 0.35, "有波动，需继续关注": 0.15}
PLANS: dict[Measure, str] = {
    Measure.TUTORING: "安排辅导教师一对一辅导",
    Measure.COUNSELLING: "心理疏导，班主任结对谈心",
    Measure.AID: "落实资助政策，申请临时救助",
    Measure.LABOUR_REPORT: "报告人社部门，核实用工情况",
    Measure.MEDICAL_REFERRAL: "协助就医，落实病假或休学手续",
    Measure.PLACEMENT: "评估后落实安置方式",
    Measure.SCHOOL_MEDIATION: "调解同学关系，必要时调班",
    Measure.PARENT_TALK: "约谈家长，讲明法定义务",
    Measure.BOARDING_OR_TRANSPORT: "安排寄宿，解决上学交通",
    Measure.SEARCH: "多方查找，报告乡镇和教育局",
    Measure.JUSTICE_LIAISON: "与司法所联系，落实帮教",
    Measure.CHILD_PROTECTION: "启动未成年人保护，联合走访",
    Measure.PERSONAL_PLAN: "制定一人一策",
}
ROLE_WORDS: dict[DutyRole, str] = {
    DutyRole.CLASS_TEACHER: "班主任",
    DutyRole.PRINCIPAL: "校长",
    DutyRole.VILLAGE_COMMITTEE: "村委干部",
    DutyRole.TOWNSHIP_OFFICIAL: "乡镇干部",
    DutyRole.BUREAU_OFFICIAL: "教育局",
}
