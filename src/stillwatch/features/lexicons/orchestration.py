"""Phrases of dividing work among several agents."""

CUES = {
    "strong": """
        subagent; subagents; sub agent; sub agents; worker agent; worker agents; multi agent; multiagent; multiple agents; several agents; other agents
        team of agents; agent team; specialist agents; specialized agents; specialised agents; orchestrator; orchestrate; orchestrating; orchestration
        supervisor agent; manager agent; planner agent; coordinator agent; lead agent; agent swarm; swarm of; delegate to; delegate each; delegate the
        delegate tasks; delegate subtasks; hand off; handoff; hand over to; dispatch to; dispatch the; dispatch each; dispatch workers; spawn; fan out
        work in parallel; parallel workers; assign each; assign subtasks; which agent; which worker; each agent; each worker; agent a; workers; decompose the task
        decompose the following; break the task into subtasks; break down the goal into; split the work; task graph; dependency graph; routing decision
        route the request; available agents; available workers; merge their results; merge the results; aggregate their; execution plan for; project manager agent
        子代理; 子智能体; 多智能体; 多代理; 多个智能体; 编排; 调度; 协调者; 分派; 分配给; 委派; 委托给; 任务分解; 拆分任务; 拆解; 并行执行; 工作者; 各个代理; 主管
        サブエージェント; マルチエージェント; 複数のエージェント; オーケストレ; 委任; 割り当て; 振り分け; タスクを分解; ワーカー; 並列に
        하위 에이전트; 서브에이전트; 다중 에이전트; 여러 에이전트; 오케스트; 위임; 할당; 작업을 분해; 작업자; 병렬로
        subagente; subagentes; varios agentes; múltiples agentes; multiagente; orquestador; orquesta; delega; delegar; asigna cada; en paralelo; coordinador
        sous agent; sous agents; plusieurs agents; multi agents; orchestrateur; orchestre; délègue; déléguez; déléguer; répartis; répartissez; coordinateur
        unteragent; unteragenten; mehrere agenten; multiagenten; orchestriere; orchestrator; delegiere; delegieren; verteile; teilaufgaben; koordinator
        vários agentes; múltiplos agentes; orquestrador; orquestre; delegue; delegar; distribua; subtarefas; coordenador
        субагент; субагенты; субагентов; несколько агентов; нескольких агентов; мультиагент; оркестратор; делегируй; делегируйте; распредели; подзадачи; координатор
        وكلاء فرعيين; عدة وكلاء; متعدد الوكلاء; منسق; فوض; وزع المهام; المهام الفرعية; उप एजेंट; कई एजेंट; मल्टी एजेंट; समन्वयक; सौंपें; उप कार्य
    """,
    "clear": """
        agents; delegate; delegation; coordinator; coordinate; dispatch; worker; planner; executor; researcher agent; writer agent; reviewer; critic agent
        in parallel; subtasks; subtask; assign; assignment of; roles; router; routing; supervisor; workflow; pipeline stages; dependencies; milestones; plan for
        agent; delegates; plan the; task list; todo list
        代理; 智能体; 并行; 分工; 计划; 子任务; エージェント; 並列; 計画; 調整; 에이전트; 병렬; 계획; 조율; agentes; subtareas; plan para; agents spécialisés
        sous tâches; agenten; parallel; aufteilen; агенты; агентам; параллельно; план; وكلاء; بالتوازي; خطة; एजेंट; समानांतर; योजना
        at your disposal; brief each; brief for each; who checks; your workers; your team of; your agents; assistants; status messages; status updates from; reports from; what each of them; each of them; who does what; divide the work; divide this; split this; split the task; split into parts; parts that can run; run concurrently; concurrently; in which order; instructions for each; instructions for the
        as the coordinator; as coordinator; as the lead; as a lead; as the manager; you manage; you coordinate; you supervise; you are in charge; delegating; assigned to; reassign; escalate to; pass it to; pass to; next agent; next speaker; choose the next; agent should; agents should; worker should; message to the; blackboard; consensus among; debate between agents; agent roles
        助手们; 各自; 分头; 负责; 团队; 下一个代理; 统筹; 并行处理; 分工; それぞれの; 担当; 分担; 次のエージェント; まとめ役; 각자; 담당; 분담; 다음 에이전트; 팀; cada agente; cada uno; reparto; equipo de agentes; chaque agent; équipe d agents; jeder agent; jedem agenten; cada um; каждому агенту; каждый агент; команду агентов; لكل وكيل; हर एजेंट
    """,
    "faint": "plan; steps; team; task; tasks; goal; each; results; priority; deadline",
    "does": """
        assign; delegate; dispatch; route; hand; coordinate; distribute; split; divide; allocate; plan; schedule; spawn; decompose; supervise; instruct
        分配; 分派; 委派; 协调; 拆分; 调度; 安排; 割り; 委任; 調整; 分担; 할당; 위임; 조율; 분배; asigna; delega; coordina; reparte; distribuye; divide
        assigne; assignez; délègue; déléguez; coordonne; répartis; verteile; delegiere; koordiniere; atribua; delegue; coordene; distribua
        распредели; распределите; делегируй; координируй; назначь; وزع; نسق; فوض; सौंपें; समन्वय; बांटें
    """,
    "things": """
        agents; agent; workers; worker; subagents; subagent; subtasks; subtask; specialists; executors; assistants; teammates; bots
        代理; 智能体; 工作者; 子任务; 助手; エージェント; ワーカー; サブタスク; 에이전트; 작업자; 하위 작업; agentes; subtareas; trabajadores; sous tâches; agenten
        teilaufgaben; subtarefas; агентам; агентов; агентами; подзадачи; исполнителям; وكلاء; الوكلاء; एजेंटों; एजेंट
    """,
}
