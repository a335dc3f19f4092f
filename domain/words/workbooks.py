"""Words about workbooks: why one is not read and how to mend it, what to know of one that is, and the cover sheet of exports."""

WORDS: dict[str, tuple[str, str]] = {
    "workbook.too_large": ("文件超过 {megabytes} MB。", "The file is larger than {megabytes} MB."),
    "workbook.too_large.mend": (
        "请按学校或乡镇分成几个文件，删去图片后再导入。",
        "Split it by school or town, and take pictures out.",
    ),
    "workbook.empty": ("文件是空的。", "The file is empty."),
    "workbook.empty.mend": ("请在原电脑上打开核对，重新保存后再导入。", "Open it where it came from, save it again."),
    "workbook.unknown_kind": (
        "不是 Excel（.xlsx、.xls）或 CSV 文件，可能只是改了文件名。",
        "This is no Excel (.xlsx, .xls) or CSV file; perhaps only its name was changed.",
    ),
    "workbook.unknown_kind.mend": (
        "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”。",
        "Open it in Excel or WPS and save it as an Excel workbook (.xlsx).",
    ),
    "workbook.web_page": (
        "内容是网页或 XML，只是名字像表格。",
        "The content is a web page or XML; only the name is that of a workbook.",
    ),
    "workbook.web_page.mend": (
        "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”。",
        "Open it in Excel or WPS and save it as an Excel workbook (.xlsx).",
    ),
    "workbook.encrypted": ("文件有打开密码，无法读取。", "The file is locked with a password."),
    "workbook.encrypted.mend": (
        "请在“文件—信息—保护工作簿”中取消密码，另存后再导入。",
        "Take the password off (File, Info, Protect Workbook) and save it again.",
    ),
    "workbook.macro": ("文件带有宏（程序）。", "The file carries macros (programs)."),
    "workbook.macro.mend": ("请另存为不含宏的“Excel 工作簿（.xlsx）”。", "Save it as an Excel workbook without macros (.xlsx)."),
    "workbook.broken": ("文件已损坏或不完整。", "The file is damaged or incomplete."),
    "workbook.broken.mend": (
        "请重新复制或下载；能打开的话，用 Excel 或 WPS 另存为 .xlsx。",
        "Copy or download it again; if it opens, save it as .xlsx in Excel or WPS.",
    ),
    "workbook.bomb": (
        "压缩包异常：展开后过大或部件过多。",
        "The file is packed abnormally: too large when unpacked, or too many parts.",
    ),
    "workbook.bomb.mend": (
        "请新建工作簿，只复制需要的表格内容过去，保存后再导入。",
        "Copy only the table into a new workbook and save that.",
    ),
    "workbook.doctype": ("文件内含外部引用声明，不安全。", "The file declares outside references, which is not safe."),
    "workbook.doctype.mend": (
        "请新建工作簿，只复制需要的表格内容过去，保存后再导入。",
        "Copy only the table into a new workbook and save that.",
    ),
    "workbook.rows_out_of_order": (
        "表内行号颠倒或重复，可能漏行。",
        "Rows are out of order or repeated inside the file; some could be lost.",
    ),
    "workbook.rows_out_of_order.mend": (
        "请用 Excel 或 WPS 打开，核对行数，另存为 .xlsx。",
        "Open it in Excel or WPS, check the rows, save it as .xlsx.",
    ),
    "workbook.far_cell": (
        "离表格很远的地方有内容（最多 {rows} 行、{columns} 列）。",
        "There is content far away from the table (at most {rows} rows, {columns} columns).",
    ),
    "workbook.far_cell.mend": (
        "请转到这个单元格，删去它所在的行和列，保存后再导入。",
        "Go to that cell, delete its row and column, and save.",
    ),
    "workbook.too_many_rows": ("超过 {rows} 行。", "There are more than {rows} rows."),
    "workbook.too_many_rows.mend": ("请按学校或乡镇分成几个文件。", "Split the file by school or town."),
    "workbook.too_many_columns": ("超过 {columns} 列。", "There are more than {columns} columns."),
    "workbook.too_many_columns.mend": ("请只留下台账需要的列。", "Keep only the columns the ledger needs."),
    "workbook.too_many_sheets": ("超过 {sheets} 个工作表。", "There are more than {sheets} sheets."),
    "workbook.too_many_sheets.mend": ("请分成几个文件。", "Split it into several files."),
    "workbook.too_heavy": ("读取时超出内存或时间上限，已停止。", "Reading it took too much memory or time and was stopped."),
    "workbook.too_heavy.mend": (
        "请新建工作簿，只复制需要的表格内容过去，或分成几个文件。",
        "Copy only the table into a new workbook, or split it.",
    ),
    "workbook.encoding": (
        "第 {line} 行的文字编码不是 UTF-8，也不是 GB18030。",
        "The text of line {line} is neither UTF-8 nor GB18030.",
    ),
    "workbook.encoding.mend": (
        "请用 Excel 或 WPS 打开，另存为“CSV UTF-8”或 .xlsx。",
        "Open it in Excel or WPS and save it as CSV UTF-8 or .xlsx.",
    ),
    "workbook.mixed_encoding": (
        "第 {line} 行与其他行的文字编码不同（UTF-8 与 GB18030 混用）。",
        "Line {line} is encoded otherwise than the rest (UTF-8 mixed with GB18030).",
    ),
    "workbook.mixed_encoding.mend": (
        "请分别打开原来的文件，各自另存为“CSV UTF-8”，不要直接拼接。",
        "Open the original files one by one and save each as CSV UTF-8; do not join them as they are.",
    ),
    "workbook.quotes": ("第 {line} 行起引号不成对。", "From line {line} on quotation marks do not pair."),
    "workbook.quotes.mend": ("请补上或删去多余的引号，或另存为 .xlsx。", "Add or take away the mark, or save as .xlsx."),
    "workbook.cell.damaged_number": (
        "长号码被存成了数字，15 位以后已丢失。",
        "A long number was stored as a number: everything after 15 digits is lost.",
    ),
    "workbook.cell.damaged_number.mend": (
        "请先把该列设为“文本”，再从原始资料重新填写。",
        "Format the column as text, then fill it in again from the original.",
    ),
    "workbook.cell.no_value": ("公式没有计算结果。", "The formula was never calculated."),
    "workbook.cell.no_value.mend": (
        "请用 Excel 或 WPS 打开并保存一次，或粘贴为数值。",
        "Open and save it once in Excel or WPS, or paste it as values.",
    ),
    "workbook.cell.error_value": ("公式出错（如 #REF!、#N/A）。", "The formula gives an error (such as #REF! or #N/A)."),
    "workbook.cell.error_value.mend": ("请改正公式，或直接填写结果。", "Mend the formula, or write the result."),
    "workbook.note.renamed": (
        "{file} 的内容其实是 {kind}，已按内容读取。",
        "{file} really is {kind}; it was read by its content.",
    ),
    "workbook.note.hidden_sheet": ("工作表“{sheet}”是隐藏的，也已读取。", "Sheet “{sheet}” is hidden; it was read too."),
    "workbook.note.hidden_rows": (
        "工作表“{sheet}”有 {count} 个隐藏行（首行为第 {row} 行），也已读取。",
        "Sheet “{sheet}” has {count} hidden rows (the first is row {row}); they were read too.",
    ),
    "workbook.note.hidden_columns": (
        "工作表“{sheet}”有 {count} 个隐藏列（首列为 {column} 列），也已读取。",
        "Sheet “{sheet}” has {count} hidden columns (the first is {column}); they were read too.",
    ),
    "workbook.note.uncapped": (
        "这台机器的系统不能限制读取程序的内存，只限制了时间。",
        "This machine's system cannot cap the reader's memory; only its time was limited.",
    ),
    "workbook.cover.sheet": ("说明", "About"),
    "workbook.cover.filter": ("筛选条件", "Filter"),
    "workbook.cover.as_of": ("数据截至", "As of"),
    "workbook.cover.rows": ("行数", "Rows"),
    "workbook.cover.user": ("导出人", "Exported by"),
    "workbook.cover.written_at": ("导出时间", "Exported at"),
    "workbook.cover.columns": ("各列说明", "Columns"),
    "workbook.cover.secret": (
        "含未成年人个人信息，仅限履职使用，不得外传。",
        "Personal data of minors: for official duty only, not to be passed on.",
    ),
    "workbook.page": ("第 {page} 页，共 {pages} 页", "Page {page} of {pages}"),
    "workbook.yes": ("是", "yes"),
    "workbook.no": ("否", "no"),
}
