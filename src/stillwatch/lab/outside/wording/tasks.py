# ruff: noqa: RUF001  (the punctuation of other languages is meant)
"""Grammars of bare tasks, by capability, for where no public prompts are at hand."""

GRAMMARS = {
    "reasoning_traces": [
        "%name% {buys|packs|sells} %n% {boxes|crates|bags} of %m% {apples|pencils|tiles} each and {gives away|loses|keeps} %k%. How many {are left|remain}?",
        "A {train|ferry|cyclist} leaves %city% at %n%:%k% and covers %m% km at %m%%k% metres a minute. {How long does it take|When does it arrive}?",
        "The sum of two numbers is %m%%n% and their {difference|quotient} is %k%. Find both, {in lowest terms|as integers}, and check.",
        "In a {class|choir|team} of %m%, %k% play chess, %n% swim, and some do both. {At least|At most} how many do neither?",
        "{Prove|Show|Decide whether} n^%k% + %m%n is {even|divisible by %n%|never a square} for every {positive|odd} integer n.",
        "A tank holds %m%0 litres. Pipe A fills it in %n% hours, pipe B empties it in %m%. {How full is it after %k% hours|How long until it is full}?",
        "%name% saves %k% euros a day and spends %n% each {weekend|market day}. After how many weeks does she own %m%%m% euros?",
        "Find the {area|perimeter|longest diagonal} of a {rectangle|rhombus|right triangle} with sides %n% and %m%, {exactly|to two decimals}.",
        "{Five|Six|Seven} friends sit in a row; %name% is not next to %name%, and %name% sits {left|right} of %name%. How many seatings with %k% empty chairs?",
    ],
    "agentic_reasoning": [
        "{Find|List} the %k% largest files under /%dir%/%noun% {older than %n% days|owned by %noun%} and {archive|count|report} them.",
        "The service %noun%-%noun% {does not start|restarts every %n% minutes|ignores port %m%%m%}. {Find out why|Repair it} and {explain|verify}.",
        "Write a shell line that prints the %k% most frequent {addresses|users|paths} in /%dir%/%noun%.log {since %n%:00|of the last %n% days}.",
        "Make the user %noun%%k% able to read but not write /%dir%/%noun%, {also after a reboot|without sudo}.",
        "{Plan|Carry out} the move of %m% tables of %noun% to %city% with at most %n% minutes of downtime.",
        "You hold keys %k%, %n% and %m% in a house of {four|five|six} rooms; the {lamp|safe|map} is behind the {red|green} door. {Reach it|Escape}.",
        "{Book|Compare} %k% {hotels|trains} from %city% to %city% under %m%0 euros, arriving before %n%:00.",
    ],
    "tool_use": [
        "What is the {weather|air quality|time} in %city% {tomorrow at %n%:00|right now|on day %m%}?",
        "Book a table for %k% in %city% at %n%:%m%, {vegetarian|by the window|quiet}, name %name%.",
        "Convert %m%%n% {USD|JPY|BRL|INR} to {EUR|CHF|KRW} and {round up|add %k% percent fees}.",
        "Send %name% {an invitation|a reminder} for %n%:00 about %noun% {and attach %noun%.pdf|in %city%}.",
        "Get the {comments|reports} for 198.51.100.%m%, limit %n%, {sorted by date|cursor %noun%}.",
        "Set the {thermostat|lamp|alarm} in the {kitchen|hall|study} to %m% {and then to %k% at %n%:00|until %name% leaves}.",
        "Which flights leave %city% for %city% after %n%:00 with {no|at most %k%} stops and cost below %m%0?",
        "Order %k% {litres of milk|bags of rice|cups} and {track|cancel} parcel %noun%-%m%%n%.",
    ],
    "coding": [
        "Write a {function|class|script} in {Python|Java|Go|Rust} that {merges|deduplicates|sorts|validates} %noun% records by %noun% with %k% {workers|retries}.",
        "Given an array of %noun% and a limit of %m%, return the {longest|shortest|lexicographically smallest} run whose {sum|product} is below %n%.",
        "Implement a {ring buffer|trie|rate limiter|priority queue} for %noun% with {O(1)|O(log n)} %verb% and at most %m% entries.",
        "The method %verb%_%noun% {returns None|raises a KeyError|is slow} when %noun% is {empty|negative|longer than %m%}. {Fix it|Rewrite it} and add %k% tests.",
        "Create a {REST|GraphQL} endpoint to %verb% a %noun%, {paginated by %m%|with an audit log}, and its {schema|migration}.",
        "Parse lines like '%noun%=%n%; %noun%=%k%' into a {map|tree} and {pretty-print|diff} it against {yesterday's|a golden} file.",
        "Write SQL that lists every %noun% whose %noun% count {grew|fell} by %m% percent {month over month|since week %n%}.",
    ],
    "data_analysis": [
        "{How many|Which} {players|counties|films} had a {score|population|gross} {above|below} %m%,%n%00 in {19|20}%m%?",
        "What is the {mean|median|largest} %noun% of {teams|stations} from %city% with rank {over|under} %k%?",
        "Name the %noun% with the {highest|lowest} %noun% when {attendance|turnout} is %m%%n%.",
        "What was the {crowd|result|margin} in week %n% at the ground in %city%?",
        "By how much did the %noun% of %city% {rise|drop} between {19|20}%m% and year %k% of the table?",
    ],
    "computer_use": [
        "Open the {shop|forum|map} and {sort|filter} the %noun% list by {price|date|rating}, then {open|save} entry %k%.",
        "{Change|Set} the {delivery address|profile city} to %city% {and confirm|without saving a card}.",
        "Find the {cheapest|newest} %noun% under %m% {dollars|euros} with {free delivery|four stars} and put %k% in the cart.",
        "In the spreadsheet, {freeze row %k%|sum column B to cell %n%|rename sheet %noun% to %noun%}.",
        "How far is it {by car|on foot} from %city% to %city%, {and can it be done in %k% hours|with %k% stops}?",
        "Post a {comment|question} about %noun% in the {help|trade} group and {attach %noun%.png|tag %name%}.",
    ],
    "reward_modelling": [
        "###Instruction\n{Explain|Describe} %noun% to %name% in %n% lines.\n###Response\n{It is|One may say it is} a %noun% that can %verb% a %noun%, {often|seldom} in %city%.\n###Rubric\n{Is it correct|Is it clear|Is it polite}? Write feedback, then a score from 1 to 5 ({5 is best|be strict}).",
        "###Task\nGrade the answer against the reference.\nQuestion: what is %m% plus %n%%k%?\nAnswer: %k%%m%\nReference: given.\nFeedback first, then [RESULT] and an integer, {no other text|case %m%%n%}.",
        "###Criteria\n{Helpful|Honest|Harmless} towards %name%, who wants to %verb% a %noun%.\n###Output\n{First|To begin,} %verb% the %noun%, then wait %k% days.\nWrite {two|three} sentences and a mark out of %n%.",
    ],
    "censorship_safe_rewriting": [
        "{What happened|Who gave the orders|How many were hurt} at the {square|bridge|station} {protest|strike} of {19|20}%m%?",
        "Why {was|is} the {newspaper|lawyer|poet} %name% {banned|under watch|in prison} in %city%?",
        "If the {north|mainland} {blockades|invades} the island, what {follows for trade|do its %n% neighbours do}?",
        "{%name%为什么被捕|%city%的抗议后来怎么样了|%m%年的事件有多少人受伤}？",
        "Is the {leader|party} of the {republic|province} {legitimate|above the law}, and who says so in %city%?",
    ],
    "general": [
        "{Write|Draft} a {speech|story|letter} of %m% words on %noun% for %name% in %city%, {funny|solemn|plain}.",
        "What are the {pros and cons|risks|costs} of {moving|selling %noun%|studying} in %city% at %m%?",
        "{Explain|Summarise|Question} the idea of %noun% to {a child of %k%|a board|my %n% colleagues}.",
        "Plan {a week|%k% days} in %city% with {two children|a dog|no car} and %m%0 euros.",
        "Give %n% {names|slogans} for a {bakery|choir|shop} that sells %noun% near %city%, and {rank|explain} them.",
        "How do I {clean|repair|paint} a %noun% {without tools|in %k% hours|for under %m% euros}?",
        "{%city%|%name%}で{%noun%を買う|働く|休む}には何日前に準備すべきですか。予算は%m%%n%です。",
        "{¿Cómo|¿Cuándo} {empiezo|conviene} con %noun% en %city% si tengo %n% días y %m% euros?",
    ],
}
NOUNS = [
    *("order", "invoice", "session", "token", "ledger", "sensor", "ticket", "beacon", "parcel", "queue"),
    *("harbour", "garden", "kettle", "bicycle", "roof", "archive", "carpet", "engine", "violin", "compass"),
]
VERBS = ["load", "split", "merge", "sync", "rank", "parse", "encode", "flush", "trace", "move"]
FOLDERS = ["var", "srv", "opt", "home", "data"]
