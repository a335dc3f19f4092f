"""Everything that leaves the process: database, workbooks, documents."""
