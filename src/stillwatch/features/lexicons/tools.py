"""Words in the names of tools, by the work the tools do; a name in snake_case or camelCase is split into words."""

CUES = {
    "screen": """
        click; double click; screenshot; scroll; browser; navigate; goto; mouse; keyboard; keypress; press key; type text; type; drag; cursor; computer; hover; tap; swipe; desktop; page; tab; element; dom; screen; gui; window; playwright; puppeteer; selenium; hotkey; left click; wait for selector; open app; launch app; adb
    """,
    "shell": "bash; shell; terminal; exec; execute command; run command; command; sh; powershell; process; ssh; execute bash; kill shell; console; tmux; submit action; env step; step",
    "files": "read file; write file; create file; view file; open file; delete file; move file; ls; list dir; list files; list directory; read; write; save file; upload file; download file",
    "code": """
        edit file; str replace; apply patch; patch; diff; edit; multi edit; grep; glob; ripgrep; codebase; search code; code search; find symbol
        git; commit; lint; run tests; test runner; pytest; compile; notebook edit; lsp; replace in file; insert code; editor; repo map; debugger
    """,
    "delegate": """
        delegate; subagent; sub agent; agent; agents; dispatch; handoff; hand off; transfer to agent; spawn; worker; workers; assign task; orchestrate; orchestrator
        send message to agent; message agent; supervisor; wait for agents; coordinate; delegate task; swarm; teammate
    """,
    "plans": "plan; planner; update plan; todo; todo write; task; create task; assign; router; collect results; team; coordinator",
    "data": """
        sql; query; run query; execute query; execute sql; run sql; dataframe; data frame; pandas; csv; table; tables; database; db; schema; describe table; list tables; plot; chart; pivot; aggregate; statistics; stats; regression; bigquery; snowflake; warehouse; excel; spreadsheet; duckdb; query table; notebook
    """,
    "sight": "image; images; vision; ocr; photo; picture; camera; detect objects; object detection; caption; describe image; crop; zoom; segment; bounding box; video frame",
    "grades": "grade; grader; score; scoring; judge; rate; rank; rubric; submit score; submit grade; verdict; preference; reward; evaluate; compare responses; submit judgement; submit judgment; submit ranking",
    "tasks": "create environment; create problem; submit task; submit problem; validate task; verify task; task spec; register task; generate task; add test case; environment",
    "cleans": "dedupe; deduplicate; clean; normalize; normalise; redact; annotate; label; transform record; filter record; drop record; rewrite record; transcript; corpus; save sample; tag record",
}
