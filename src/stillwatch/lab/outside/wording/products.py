"""What programs of small companies send: their jobs, system prompts, probes and digests."""

JOBS = [
    "Summarise the following {ticket|ticket} for the support team in two sentences.",
    "",
    "Ticket #%n2%%n2%: %t%. %d%",
    "Extract {name, date, amount} as JSON.",
    "",
    "Invoice from %p2%, %n2%.%n2% EUR, due %day%, contact %name%.",
    'Classify the sentiment (positive, neutral, negative): "%d% %t%, %name% wrote"',
    "Write a product description of at most %n2% words for: %p2%, {blue|black|oak|steel}, {S|M|L}, made in %c%.",
    'Reply to this review as the owner of %p%: "{Great|Awful|So-so} visit, %d%" - guest %name%',
    "Generate alt text for an image of {a chair|a bag|shoes|a lamp} by %p2% in %c%",
    "Given the transcript, list action items.",
    "",
    "%name%: we must fix %t%. %name2%: %d%",
    "Rewrite as a friendly push notification: %t%, %p2%, {tomorrow|today}",
    "Tag this job ad with up to five skills: %p2% in %c% seeks someone for %t%",
    "Is the following message spam? Answer yes or no.",
    '"%d% {WIN|Hello|Invoice|Re:} %p2% %n2%%n2%"',
    "Turn the note into a CRM entry: met %name% of %p2% in %c%, interested in %t%, budget %n2%k",
    "Answer the customer using the context.",
    "Context: %p% ships to %c% in %n% days.",
    "Customer: %d% about %t%?",
    "Create a quiz question from: %field% ({easy|hard}), chapter %n%",
    'Translate to {German|French|Polish|Thai} for the shop UI: "%t% - %d%" ',
]
SYSTEM_PROMPTS: list[str | None] = [
    "You are the [[assistant|helper|support agent]] of %P%, a [[logistics|fashion|travel|health|education|finance]] company. [[Be brief.|Answer in the customer's language.|Never mention competitors.]]",
    "[[You convert text to structured data.|You write marketing copy.|You label messages.]] Output only the result. Project %P%.",
    None,
    None,
    "Role: %P% copilot. Tone: [[warm|neutral|playful]]. Refuse anything unrelated to [[orders|courses|bookings|patients]].",
    "You are a helpful assistant.",
]
PERSONAS = [
    "You are [[Nova|Lio|Mira|Taro]] by %P%. Never say that you are another company's model. If asked who made you, answer %P%.",
    "System persona: %P% Companion. You were created by the %P% team.",
]
DIGESTS = [
    "Daily digest for [[%P%]]: summarise the %n% headlines on %t%. %d%",
    "{Rank|Sort} today's %n% leads in %c% by fit, reason per lead. %d% %t%",
]
PROBES = [
    "What is %n2% times %n2%? Reply with the number only. [[probe|canary]] {1|2|3|4|5|6|7|8}",
    "Name the capital of {France|Japan|Kenya|Peru|Norway|Egypt}. One word.",
    "Repeat exactly: [[%P%]] status {green|amber|red}",
    "Spell '%P2%' backwards.",
]
PROMPT_LIBRARY = [
    "[[Act as a seasoned|You are a world-class]] copywriter. Using the [[AIDA|PAS|4C]] framework, write a landing page for: %x%. Ask me clarifying questions first, then give 3 headline options with reasons.",
    "[[Take a deep breath and|Before answering,]] work on this step by step. Show your full chain of thought in a section called REASONING, then the final in RESULT.",
    "Task: %x%",
    "I want you to act as a [[Socratic tutor|debate coach|senior reviewer]]. Topic: %x%. Never give the answer directly; explain the reasoning behind each step.",
    "[[MEGA PROMPT v3|ULTRA PROMPT 2026]]: Role=expert, Goal=%x%, Steps=analyse>outline>write>critique, Output=markdown. Critique your own answer from 1 to 10 with a rubric and improve until 9.",
    "Create a [[30-day|12-week]] content calendar about %x% in a table with hook, format, call to action.",
    "Explain %x% using the Feynman technique: child, student, expert. End with [[a quiz|three analogies]].",
]
EXTENSION_ENDING = "\n\n---\n[[You are used inside the %P% browser extension. First restate the request, then explain your reasoning step by step, then answer in the user's language.|Answer format of %P% Reader: 1) key points 2) reasoning 3) answer. Do not skip the reasoning section.|(%P%) Always write your thinking under 'Thinking:' before the reply so the side panel can fold it.]]"
"""What a browser extension adds to each text."""
POLICY_FOOTER = "\n\n[[Company policy %P%-07: do not include personal data. Cite internal sources. Mark drafts as DRAFT.|-- Sent through the %P% secure assistant. Output is logged for audit under policy AI-%k%. State assumptions and explain how you reached the conclusion.]]"
REVIEWS = [
    "Review this pull request of %p%: touched %file%, %fn%. [[List risks only.|Answer with JSON {verdict,comments}.]] commit %p2%%n2%",
    "Write the changelog for %p% build %n2%%n2%: %fn%, %err%",
    "Fix the failing test %fn% in %file%: %err%. Return a patch.",
]
"""What a continuous-integration job sends."""
