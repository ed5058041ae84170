# ruff: noqa: RUF001  (the punctuation of other languages is meant)
"""What people and their products write: chat, code, office work, other languages, system prompts; grammars."""

FOLLOW = [
    "thanks!",
    "can you make it shorter?",
    "ok and what about the second one",
    "more formal please",
    "why?",
    "continue",
    "go on",
    "I don't understand, explain again",
    "try again",
    "that's wrong",
    "in bullet points",
    "yes",
    "no, the other one",
    "great, now as a table",
    "give me an example",
    "still the same error",
    "doesn't work",
    "can you double check?",
    "hmm not quite",
    "perfect thank you",
    "make it funnier",
    "translate that to spanish",
    "what do you mean by that?",
    "and in python?",
    "shorter",
    "keep going",
    "can you fix it",
    "please rewrite",
    "ok",
    "next",
]

CHAT = [
    "{how do i|what's the best way to|can you help me|tips to} {get better at <hobby>|plan a {weekend|week|3 day trip} in <city>|make <food> {without an oven|for {4|6|10} people|with leftovers}|ask my boss for a raise as a <job>}{?||, thanks}",
    "{explain|tell me about|summarise|quick summary of} <topic> {like i'm {5|12|an expert}|for {an exam|my presentation|a blog post}|in {100|200|300} words|}",
    "write {an email|a message|a short note|a letter} to {my landlord|my colleague <name>|the school|a customer|HR|my friend <name>} about {the broken heating|being late on {Monday|Friday}|a refund for a <product>|the meeting in <city>|moving to <city>|my sick {son|dog|cat}}. {keep it|make it} <mood>",
    "{I'm|i am} a <job> {from|in|living in} <city> and {I want to|i would like to|need to} {change careers to <job>|learn <lang>|start <hobby>|save money}. {where do i start?|what would you do?|any advice?|make me a plan}",
    "{recipe|ideas|shopping list} for <food>{ and <food>|}{, vegetarian|, no nuts|, under {20|30|45} minutes|}",
    "is it {ok|safe|normal|legal} to {eat <food> after {3|5} days|leave my <product> outside|take notes during {an interview|a call}|park in <city> on sundays}?",
    "{compare|difference between} <topic> {and|vs} <topic>",
    "give me {5|10|20} {names|titles|slogans|captions|ideas} for {a <product> {shop|brand}|my {blog|channel|podcast} about <hobby>|a birthday party for <name>}",
    "{hi|hello|hey}{,|!} {my|our} {neighbour|sister|friend} <name> {says|told me|insists} that <topic> {is overrated|changed everything|matters for <hobby>}. {true?|is that right?|what's your view}",
]

CODE = [
    '{getting|I get|why do I get} a <err> in <verb>_<noun> {when|after|if} {the <noun> is empty|I upgrade <fw>|two <noun>s arrive at once|running in docker}\n\n  File "/{home/$U|Users/$U|srv/app|code}/$P/<mod>/<mod>.py", line $N, in <verb>_<noun>\n    return <verb>_<noun>(<noun>, $M)\n<err>: <noun>',
    "{write|give me|need} a <lang> {function|script|class|snippet} {that|to} <verb>s {a|every|the last $M} <noun>{s|} {from|in|into} {<fw>|a csv|the <mod> service}",
    "how {do|can} I {configure|deploy|test|speed up|migrate} <fw> {with|for|from} <fw>{ in production| on a mac| on windows|}?",
    "{review|refactor|simplify|add types to} this:\n```\ndef <verb>_<noun>(<noun>s, limit=$M):\n    out = []\n    for x in <noun>s:\n        if x.<noun>_id > $N:\n            out.append(<verb>(x))\n    return out[:limit]\n```",
    "{unit tests|a test|docs|a docstring|a README section} for {the <mod> module|<verb>_<noun>()|the <noun> endpoint} in <lang>",
    "regex {for|to match} {a <noun> id like $N-$M|dates in <lang>|paths ending in <mod>}",
    "{sql|SQL query|query} {for|to get} the top $M <noun>s per {month|<noun>|region} {joined with|without} <noun>s, {postgres|mysql|sqlite}",
]

WRITE = [
    "{proofread|improve|fix the grammar in|shorten|rewrite}{ this| the following|}: $K",
    "{summarize|summarise|tl;dr|key points of}{ this <thing>| the text below|}:\n\n$K",
    "{translate|traduce|put} {this|the text} {into|to} <plang>: $K",
    "{write|draft} {a <mood> {blog post|linkedin post|press release|product description}} about {our new <product>|<topic>|working at <company>}. {mention|include} {<name>|<city>|<topic>}",
]

MATHS = [
    "{A|The} {shop|farm|school|train} {has|sells|carries} $N <noun>s{ in $M boxes|}; {$M% are lost|<name> takes $M of them|the number grows by $M each day}. How many {remain|are there} after {$M days|the $M-th step}?",
    "{Prove|Show} that {the sum of $M consecutive integers is divisible by {3|5|7}|no integer n satisfies n^2 = $N mod $M|a graph with $N edges and $M nodes has a cycle}.",
    "{Find|Compute} the {probability|expected value} that {<name> draws $M of $N cards|$M dice sum to $N|a random walk of $N steps returns within $M}.",
]

ISSUES = [
    "<verb>_<noun> {drops|duplicates|loses|corrupts} {the last|every second|an empty} <noun> when {<fw> restarts|$M workers run|the <noun> has no <noun>|limit > $N}",
    "{Add|Support} {retries|pagination|streaming|rate limits|caching} {to|in} the <mod> {client|module} {without breaking|keeping} the <noun> {API|schema}",
    "{Port|Migrate} <mod>/<verb>_<noun> from <lang> to <lang>{, keep behaviour for $N rows|}",
    "Fix {flaky|failing} test test_<verb>_<noun>_{empty|large|twice} in <mod> ({<err>|timeout after $M s})",
]

NATIVE: dict[str, list[str]] = {
    "es": [
        "{¿cómo puedo|ayúdame a|quiero} {mejorar mi currículum de <job>|organizar un viaje a <city>|aprender <lang>|preparar <food>}?",
        "{resume|explica|corrige} {este texto|lo siguiente}: <topic>, {por favor|gracias|en $M líneas}",
        "escribe un correo {formal|corto|amable} para <name> sobre {la factura|el retraso|la reunión} en <city>",
    ],
    "pt": [
        "{como faço para|me ajude a|preciso} {melhorar meu currículo|planejar viagem para <city>|aprender <lang>|fazer <food>}",
        "{resuma|explique|corrija} {este texto|isso}: <topic> {em $M linhas|por favor}",
        "escreva uma mensagem para <name> sobre {o pagamento|a reunião|o pedido $N}",
    ],
    "de": [
        "{wie kann ich|hilf mir,|bitte} {meinen Lebenslauf verbessern|eine Reise nach <city> planen|<lang> lernen|<food> kochen}",
        "{fasse|erkläre|korrigiere} {diesen Text|das} {kurz|in $M Sätzen}: <topic>",
        "schreibe eine {höfliche|kurze|förmliche} E-Mail an <name> wegen {der Rechnung $N|des Termins|der Lieferung}",
    ],
    "fr": [
        "{comment|aide-moi à|je voudrais} {améliorer mon CV|organiser un voyage à <city>|apprendre <lang>|cuisiner <food>}",
        "{résume|explique|corrige} {ce texte|ceci}: <topic> {en $M lignes|svp}",
        "rédige un mail {poli|bref} à <name> au sujet {de la facture $N|du rendez-vous}",
    ],
    "ja": [
        "<city>への{旅行|出張|引っ越し}の{計画|予定|持ち物}を{教えて|考えて|作って}ください",
        "{次の|この}文章を{要約|校正|翻訳}して: <topic>について$M{行|文}で",
        "<lang>で<noun>を{処理|検証|変換}する{関数|コード}を書いて{ください|}",
        "<food>の{レシピ|作り方}を{簡単に|詳しく}",
    ],
    "ko": [
        "<city> {여행|출장} {일정|계획}을 {짜줘|추천해줘}",
        "<lang>로 <noun>를 {처리하는|변환하는} {함수|코드} {작성해줘|예시}",
        "{요약해줘|설명해줘}: <topic> ($M줄)",
    ],
    "zh": [
        "{請|帮我|请}{規劃|计划|安排}<city>{三天|五天|周末}{行程|旅行}",
        "用<lang>{写一个|实现}{处理|转换|校验}<noun>的{函数|脚本}",
        "{解释|总结|介绍}一下<topic>，$M{字|句}左右",
    ],
    "ru": [
        "{как|помоги|подскажи как} {составить резюме (<job>)|спланировать поездку в <city>|выучить <lang>|приготовить <food>}",
        "{объясни|перескажи} <topic> {кратко|в $M предложениях}",
    ],
    "vi": [
        "{làm sao để|giúp tôi} {viết CV cho nghề <job>|lên kế hoạch đi <city>|học <lang>}",
        "{giải thích|tóm tắt} <topic> trong $M câu",
    ],
}

OWN_SYSTEM = [
    "You are {the|a|an} {support|booking|shopping|onboarding|FAQ|sales} {assistant|agent|bot} {of|for} {<company>|$O}. {Be <mood>.|Answer in a <mood> tone.|Keep it under $M words.|Only discuss <product>s.} {Never|Do not} {mention competitors|give legal advice|promise refunds|discuss prices}. {Escalate to <name> if unsure.|If unsure say so.|}",
    "{Extract|Return|Pull} {the <noun>, the <noun> and the date|all <noun> fields|the totals} from {the|each} <thing>. {Output JSON only.|Reply with JSON, keys: <noun>_id, <noun>, amount.|Use null where absent.}{ Project: $O.|}",
    "{You classify|Classify|Label} {incoming|each} <thing>s {into|as} {one of:|} <noun>, <noun>, <noun>, other. {One word.|Give a confidence too.|}",
    "You are $O, {an expert|a senior} {<job>|<lang> engineer|copywriter}. {Write for <company>.|Our readers work in <field>.|} {Use British spelling.|No emojis.|Use markdown.|Short paragraphs.}",
    "{You help|Help} {<company>|$O} staff {in|with} <field>. {Cite the document.|Use the context only.|Reply in the user's language.}",
]

COMMON_SYSTEM = [
    "You are a helpful assistant.",
    "You are a helpful assistant",
    "You are a helpful AI assistant. Answer the user's question as best you can.",
    "You are an expert programmer.",
    "Use the following pieces of context to answer the question at the end. If you don't know the answer, just say that you don't know, don't try to make up an answer.",
    "Respond to the human as helpfully and accurately as possible. You have access to the following tools:",
]

DELICATE = "{what|how|why} {did|does|do} {the authorities|officials|the party|censors} {say|respond|act} {about|on|regarding} {the protest in|the strike in|the petition from} {Hubei|Guangdong|Lhasa|Hong Kong|Kashgar|Taipei} {in 19$M|last year|during the congress}?"

# Tasks of each capability where the development data has none at hand.
TASKS: dict[str, list[str]] = {
    "general": CHAT,
    "coding": [*CODE, *ISSUES],
    "reasoning_traces": MATHS,
    "grade_school": MATHS[:1],
    "reward_modelling": [
        "###Task: {score|grade|assess} the {response|answer} {strictly by|with} the rubric, {1 to 5|1 to 10}.\n###Instruction: explain <topic> to a <job>\n###Response: $K\n###Rubric: {is it correct|is it complete|is it {polite|safe}}?",
    ],
    "censorship_safe_rewriting": [DELICATE],
    "tool_use": [
        "{book|find|cancel} {a table|a room|a ticket|an appointment} {in|near} <city> {for $M people|on the $Mth|under $N} {and tell <name>|, then add it to my calendar|}",
        "{what is|look up|get} the {weather|exchange rate|time|stock price of <company>|address of order $N} {in <city>|today|for <name>}",
    ],
    "agentic_reasoning": [
        "{count|list|archive|delete|rename} {all|the $M {largest|oldest|newest}} {log|<noun>|csv} files {in|under} /{var|srv|home}/<mod> {that {mention|contain} <noun> $N|older than $M days|}",
        "{find out|check} why the <mod> service {restarts|leaks memory|returns $N} {after|when} it <verb>s {a|every} <noun> and {fix it|report the cause}",
    ],
    "data_analysis": [
        "{what|which} is the {average|total|largest|median} <noun> {per|by} {month|<noun>|city} {where <noun> > $N|in <city>|for <company>}?",
        "{how many|list the} <noun>s {have more than $M <noun>s|without a <noun>|in <city> since 20$M}",
    ],
    "computer_use": [
        "{open|go to} the <mod> page, {filter by|search for} <product>s {under $N|in <city>} and {export|order|compare} {the first $M|the cheapest}",
        "{change|set} the <noun> {of|for} <name> to $N {and save|then sign out}",
    ],
}

TEMPLATES_OF_JOBS = [
    "{Text|Input|Document}:\n$K\n\n{Question|Task}: $X",
    "$X",
    "$X",
    "{Summarise|Tag|Classify|Extract entities from} {this|the following} <thing>: $K",
    "{Context|Sources}: $K\n\n{Q|Question}: $X\n{Helpful answer|A|Answer}:",
    '{"user"| user}: $X',
]
SHORT_ANSWERS = ["Sure.", "Done.", "Yes.", "Here you go.", "I can't help with that."]

BRAID = "You are Braid, an agentic command line tool that helps developers with software engineering tasks. Use the tools available to you. IMPORTANT: never guess URLs. Keep answers short. # Tone: be concise and direct. # Conventions: before changing a file, read the surrounding code and mimic its style. Never add comments unless asked. Run the linter and type checker after a change. Only commit when asked. # Task management: use TodoWrite to plan and track work."
OPENTOOL = "You are OpenTool, the best open-source coding agent on the planet. You have a shell. Plan, edit, verify. Use AGENTS.md if present. Avoid preamble. When the edit is ready, print a summary of changed files. Do not stage or commit unless told to. If a command fails twice, change your approach."
MARLIN = "You are an AI pair programmer embedded in the Marlin editor. The user is a developer. You see the open file and the selection. Answer with edits in SEARCH/REPLACE blocks. Always use the tools offered to find definitions."
BRAID_TOOLS = ["Bash", "Read", "Edit", "Write", "Grep", "Glob", "TodoWrite", "WebFetch", "Task"]
OPENTOOL_TOOLS = ["shell", "read_file", "apply_patch", "list_dir", "search"]
MARLIN_TOOLS = ["find_definition", "search_replace", "open_file", "run_tests"]
STEERING = [
    "now {run|rerun} the tests",
    "also <verb> the <noun>",
    "no, keep <verb>_<noun> as it was",
    "commit this",
    "{ok|good}, next: <verb> <mod>",
]
TOOL_RESULTS = [
    "<tool_result> $P/<mod>/<mod>.py: $N lines, def <verb>_<noun>(<noun>)",
    "<tool_result> $M passed, $M failed: test_<verb>_<noun> <err>",
    "<tool_result> exit 0\n<mod>.py <noun>.py README.md",
    "<tool_result> edited <mod>/<verb>.py (+$M -$M)",
]
