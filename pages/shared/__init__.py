"""What all pages use. A page reads:

    scope = require_scope("cases")                    # scope.py: who is looking; ends the run for nobody
    chosen = show_case_filter("cases")                # filter_bar.py: the filter, dates settled; widgets in the sidebar
    view = read_view()                                # view.py: lang, sort, layer, measure, page, child; tell(key) says words
    rows = cached.read_cases(scope, chosen, ...)      # cached.py: every read, remembered
    show_header("cases", chosen)                      # panels.py: title, sentence with stamp, chosen parts as buttons
    show_metrics([...]); show_link(...); show_bullets(...); show_empty("cases")   # panels.py
    show_table("cases", rows, columns, total)         # table.py: paged, total below, returns the row clicked
    show_export("cases", "cases", scope, chosen)      # export.py: a file of the same rows
    show_map("village_map", view, values, show_card)  # map_panel.py

Only these files touch Streamlit's caches, query parameters, session state and st.stop.
"""
