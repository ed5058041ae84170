"""Phrases of tasks to be worked out in an environment: shells, files, users, services, long-running goals."""

CUES = {
    "strong": """
        shell command; bash command; command line; linux; ubuntu; chmod; chown; sudo; file permissions; home directory; working directory
 root directory; subdirectories; subdirectory; hidden files; log files; log file; directory named;
        directory called;;; operating system; in the terminal; run the following command; environment variable
        environment variables; cron; ssh; process id; cpu usage; disk usage; disk space; file system; filesystem; read only; read access; write access
        group named; user named; your environment; in the environment; until the task is; next action; think act
        action and observation; react agent; autonomous agent; autonomously; do not stop until; keep going until; long horizon; multi step task
 usr; tmp;;
        终端; 命令行; 目录; 文件夹下; 文件权限; 日志文件; 沙盒; 自主; 智能体; 下一步行动; 环境中; 执行命令; 进程; ターミナル; ディレクトリ; コマンドライン
        ログファイル; 自律; 次の行動; 環境内; 터미널; 디렉터리; 디렉토리; 명령줄; 로그 파일; 자율; 다음 행동
        terminal; directorio; línea de comandos; archivo de registro; permisos de archivo; agente autónomo; entorno; répertoire; ligne de commande
        fichiers journaux; agent autonome; verzeichnis; kommandozeile; befehlszeile; protokolldatei; dateirechte; autonomer agent; diretório
        linha de comando; arquivo de log; agente autônomo; в терминале; каталог; каталоге; командной строке; директории; лог файл; автономный агент
        الطرفية; سطر الأوامر; المجلد; ملف السجل; وكيل مستقل; टर्मिनल; निर्देशिका; कमांड लाइन; लॉग फ़ाइल; स्वायत्त
    """,
    "clear": """
        directory; directories; files; file; folder; permission; permissions; user; users; executable; command; terminal; script that; root; logs
        process; processes; log; reboot; service; port; owner; ownership; group members; access; count the number of lines; environment; goal
        plan your next; take the next; try again; tool result; tool results; agent; attempt; recover from; retry; verify the result; restart
        deploy; kubernetes; production incident; investigate; root cause
        文件; 用户; 权限; 命令; 服务; 排查; 根因; ファイル; 権限; ユーザー; サーバー; 파일; 권한; 사용자; 서버; archivo; archivos; permisos; usuario
        fichier; fichiers; utilisateur; datei; dateien; benutzer; berechtigungen; arquivo; arquivos; permissões; usuário; файл; файлы; права доступа
        пользователь; ملف; ملفات; صلاحيات; फ़ाइल; अनुमति
        bash; txt; text file; text files; file named; file called; current directory; files in the; etc; container; act one; per step; sandbox; observation; grep; subtask
    """,
    "faint": """
        system; running; count; named; create; lines; recursively; modify; without; only; size; existing; accessible
    """,
    "does": """
        find; count; list; create; delete; move; copy; rename; grant; set; change; check; run; execute; install; monitor; restrict; allow; ensure; search
        查找; 统计; 创建; 删除; 移动; 重命名; 执行; 运行; 安装; 検索; 作成; 削除; 実行; 찾아; 생성; 삭제; 실행; encuentra; cuenta; crea; elimina; ejecuta
        trouve; compte; crée; supprime; exécute; finde; zähle; erstelle; lösche; führe; encontre; conte; crie; exclua; execute
        найди; посчитай; создай; удали; запусти; выполни; ابحث; احذف; نفذ; شغل; खोजें; हटाएं; चलाएं
    """,
    "things": """
        file; files; directory; directories; folder; folders; log; logs; process; processes; permissions; permission; group; user; service; command; package
        文件; 目录; 日志; 进程; 权限; ファイル; ディレクトリ; プロセス; 파일; 디렉터리; 프로세스; archivo; archivos; directorio; fichier; fichiers; répertoire
        datei; dateien; verzeichnis; prozess; arquivo; arquivos; diretório; файл; файлы; каталог; процесс; ملف; ملفات; مجلد; फ़ाइल; फ़ाइलें
    """,
}
