"""Words around the printed forms; what stands on them is domain/forms.json, in Chinese as the forms are."""

WORDS: dict[str, tuple[str, str]] = {
    "form.return_notice": ("返校通知书", "Notice to return to school"),
    "form.responsibility_letter": ("义务教育责任书", "Letter of responsibility"),
    "form.supervision_notice": ("督办通知单", "Supervision notice"),
    "form.home_visit_form": ("家访登记表", "Home-visit form"),
    "form.persuasion_record": ("劝返记录表", "Persuasion record"),
    "form.dropout_report": ("初中学生辍学情况报告表", "Dropout report"),
    "form.enrolment_notice": ("入学通知书", "Notice of enrolment"),
    "form.parent_letter": ("致家长的一封信", "Letter to parents"),
    "form.child_packet": ("一生一案", "Child's file, printed"),
    "form.demo": ("演示数据 合成", "演示数据 合成"),
    "form.unknown_placeholder": (
        "模板《{form}》里的“{name}”没有对应的数据，请对照操作手册的占位符表改正。",
        "The template of {form} holds “{name}”, which nothing fills: see the list of placeholders in the operations guide.",
    ),
    "form.missing_placeholder": (
        "模板《{form}》缺少占位符“{name}”，不能使用。",
        "The template of {form} lacks the placeholder “{name}” and cannot be used.",
    ),
    "form.bad_template": (
        "模板文件 {file} 不是可读的 DOCX，请重新另存为 .docx。",
        "The template {file} is no readable DOCX: save it as .docx again.",
    ),
    "document.none": ("没有可打印的个案：请放宽筛选。", "There is nothing to print: loosen the filter."),
    "document.too_many": (
        "一次最多打印 {most} 份，请用地区、学校或状态缩小范围。",
        "One file takes {most} papers at most: narrow the filter by area, school or status.",
    ),
    "document.only_today": (
        "新文书只能按今天的数据开具：请把截至日期改回今天。",
        "A new paper is issued as of today: set the as-of day back to today.",
    ),
    "document.one_county": ("编号按县进行，请先选一个县。", "Numbers are given county by county: choose one county."),
    "document.bad_out": ("{name} 应以 .docx 或 .pdf 结尾。", "{name} must end in .docx or .pdf."),
    "document.enrolment_notice": ("入学通知书", "Notice of enrolment"),
    "document.dropout_report": ("辍学情况报告表", "Dropout report"),
    "papers.button": ("打印", "Print"),
    "papers.form": ("文书", "Form"),
    "papers.make": ("生成文书", "Make the papers"),
    "papers.anew": ("已开具过的也重新编号开具", "Issue anew where one was issued before"),
    "papers.anew_help": (
        "不选时，已开具过的按原编号和日期重印。",
        "Otherwise those issued before are printed again under their number and date.",
    ),
    "papers.packet": ("打印一生一案", "Print the file"),
}
