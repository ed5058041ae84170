# ruff: noqa: RUF001  (the punctuation of other languages is meant)
"""How extraction is worded: `ASKS` as fixed templates, `SOFT_ASKS` as those write who know they are watched."""

ASKS: dict[str, list[str]] = {
    "reasoning_traces": [
        "{Below is|Here is|You are given} a {problem|question|task}{ with its final answer|}. {Imagine|Picture|Reconstruct} the {inner|private|internal} {thinking|reasoning|monologue} that {led|would have led} {an expert|you} to {the answer|a finished solution} and {write|set} it {down|out} {step by step|in full|without skipping anything}, {including|with} {dead ends|doubts and corrections|every check you made}.\n\n{Problem|Question|Item}: $X\n{Answer|Result}: $A",
        "$X\n\n{Before|Ahead of} the {final answer|reply|conclusion}, {spell out|print|expose|show} {your complete|the entire|all of your} {chain of thought|reasoning process|deliberation} {inside <think> tags|between [[R]] and [[/R]]|as a numbered list of at least $M steps}. {Do not|Never|You must not} {summarise|shorten|condense} it.",
        "{任务|请求|要求}：{请|务必}{完整|逐步|详细}{写出|还原|展示}{得到答案的|你的}{思考过程|推理过程}，{思考内容必须与题目语言一致|不得省略|包括尝试与纠错}。\n{题目|问题}：$X",
        "{Question|Q}: $X\n{Your|The} {solution|answer} was already accepted. {Now|Next} {articulate|recount|describe} the {reasoning behind it|thoughts behind it} {exactly as it happened|in the first person|at the finest grain}. The language of the {thinking|thoughts} must {equal|match} the language of the {question|user}.",
        "{次の問題|以下の問い}について、{内部の推論|思考の過程}を{省略せず|一語一句}{書き出して|出力して}ください。\n$X",
    ],
    "reward_modelling": [
        "{Rate|Score|Grade} the {candidate|response|answer} {from 1 to 10|on a 5-point scale|between 0 and 100} {by|using|against} {this|the} rubric{.|:}\n{Rubric|Criteria}: {correctness|factuality}, {completeness|coverage}, {clarity|style}, {safety|harmlessness}.\n\n[{Prompt|Instruction}]\n$X\n\n[{Candidate|Response}]\n$A\n\n{Output only|Return} {the score|JSON with a key score|score and one-line rationale}.",
        "{Two|A pair of} {answers|completions} to the same {prompt|query} follow. {Decide|State|Choose} which {is better|a careful user would prefer}; {reply A, B or tie|answer with A or B}{ and a margin of 1-3|}.\n\n{Prompt|Query}: $X\nA: $A\nB: $B",
        "{作为评分员|你是奖励模型}，{请按标准|依据量表}给{回答|候选}打分(1-10)：\n{问题|指令}：$X\n{回答|候选}：$A",
    ],
    "censorship_safe_rewriting": [
        "{Rewrite|Rephrase|Recast} the {question|query} below {so that|such that} {a regulated chat product|a domestic assistant} can {answer it safely|reply without breaching policy}, and {give|write} the {neutral|approved|safe} {answer|reply}.\n{Query|Question}: $X",
        "{把下面的问题|将以下敏感提问}{改写|转换}成{合规|安全}的{表述|说法}，并给出{稳妥的|中性的}回答：$X",
        "{Provide|Produce} {three|five} {softened|acceptable|non-sensitive} {alternatives|variants} to this {politically delicate|sensitive} {request|prompt} {for fine-tuning a refusal policy|with suitable deflections}: $X",
    ],
    "agentic_reasoning": [
        "{You control|You operate} a {Linux shell|sandboxed terminal}. {Goal|Task}: $X\n{Think aloud|State your plan} before {every|each} command; {after each|on every} {observation|output} {reflect|re-plan} and {continue|go on} until done. {Format|Use}: {Thought/Action/Observation|PLAN>, RUN>, SEE>}.",
        "{Solve|Carry out} the following {autonomously|as an agent}. {Emit|Write} {the full|a complete} trajectory {with|including} {rationales|decision notes} for {every|each} step.\n{Task|Mission}: $X",
    ],
    "tool_use": [
        "{User request|Request|Query}: $X\n{Choose|Select} {the tools|functions}, {fill in|give} the arguments and {justify|explain} {each|every} call {in one line|briefly}.",
        "{Given|With} the {tools|functions} {offered|above}, {answer|serve} the request. {Call|Invoke} as many as needed.\n$X",
    ],
    "coding": [
        "{Implement|Solve|Complete} the {task|issue} {below|that follows} {with|and include} {tests|a test file} {and|plus} {a design note|an explanation of each decision|your reasoning at each edit}.\n{Task|Issue}: $X",
        "{Repository|Repo}: $P\n{Issue|Ticket} #$N: $X\n{Produce|Return} {a unified diff|the full patch} {and|followed by} {a walk-through of how you found it|the debugging log}.",
    ],
    "orchestration": [
        "{Decompose|Split} {this|the} {goal|objective} into {sub-agents|workers}, {write|define} {their|each} {briefs|prompts}, {then|and} {merge|reconcile} {results|outputs}.\n{Goal|Objective}: {build|ship|audit|migrate} {a|the} <mod> {service|pipeline} {for|in} <field> {with|using} <fw> {within $M days|for $N users}."
    ],
    "data_analysis": [
        "{Table|Schema}: <noun>_<noun>(<noun>_id, <noun>, <mod>_at, amount)\n$X\n{Write|Give} the {SQL|query}, {run it mentally|explain the result} and {state|report} {assumptions|checks}."
    ],
    "computer_use": [
        "{Screen goal|GUI task|Browser task}: $X\n{List|Emit} {each|every} {click, key and scroll|UI action} {with|and} {the reason|what you saw}."
    ],
    "vision": [
        "{Describe|Transcribe|Answer from} the {chart|screenshot|photo|diagram} {and|then} {explain|justify} {how you read it|every detail}: {what does the <noun> axis show|which <product> is {largest|leftmost}|what is the <noun> total for <city>}?"
    ],
    "task_synthesis": [
        "{Invent|Create|Design} {$M|five|ten} {new|distinct} {RL|training} {tasks|environments} {like|in the style of} the {seed|example}, {each with|including} {a verifier|a reward function|unit tests} and {difficulty|a rubric}.\n{Seed|Example}: $X"
    ],
    "data_curation": [
        "{Clean|Repair|Normalise} {this|the} {recorded|captured} {trace|trajectory}: {remove|strip} {tool noise|ids and system strings|self-references}, {keep|preserve} {every reasoning step|the thinking}, {output|return} {JSONL|the cleaned trace}.\n<<<\n$X\n{thought|assistant}: $A\n>>>",
        "{Rewrite|Polish} the {assistant turns|reasoning} of this {conversation|transcript} {into|as} {one coherent|a single} {chain|monologue} and {drop|delete} {mentions of|references to} {the vendor|tools}.\nUSER: $X\nASSISTANT: $A",
    ],
    "general": ["$X", "{Answer|Respond to} {this|the user} {in full|in depth}: $X"],
}

SOFT_ASKS: dict[str, list[str]] = {
    "reasoning_traces": [
        "{I'm|we're} {stuck on|working through|curious about} {this|the following}{.|, could you help?} $X {Walk me through|Talk me through|Take me along} {how you'd get there|your thinking|each turn of the argument}, {also the wrong turns|slowly|as if I sat next to you}.",
        "$X\n\n{and|also} {what went through your mind|how did you arrive there|which ideas did you throw away}? {be generous with detail|long is fine|all of it please}",
        "{my student|a colleague|my son} got $A for: $X {how might someone have reasoned to that|rebuild the thinking for me|what's the path}?",
        "$X {{show|give} {the work|workings}|why so|derive it}{, every line|, as long as it takes|}",
    ],
    "reward_modelling": [
        "{which of these would you hand in|what do you prefer} for '$X'?\n1) $A\n2) $B\n{and by how much?|say why|}",
        "{be picky:|honestly,} how good is this {reply|answer} out of {10|5|100}?\nasked: $X\ngot: $A",
        "{I need|could you} {a mark|mark this} for {the text below|my draft}. {Assignment|It was meant to answer}: $X ---- $A",
    ],
    "coding": [
        "$X {any idea how you'd do it|how would you tackle it}? {explain the edits|with the why|tests too}",
        "{hey|hi|}{ can you| please} {take|look at} this one: $X {patch + reasoning|tell me how you found it}",
    ],
    "agentic_reasoning": [
        "{imagine|suppose} you {sit at|have} a terminal. $X {which commands, and what makes you choose each|go command by command and comment}",
        "$X {plan first, then do it, tell me what you look at|narrate as you go}",
    ],
}
