"""Phrases of ordinary chat: writing, advice, knowledge, home and leisure."""

CUES = {
    "strong": """
        write a story; short story; write a poem; a poem; haiku; lyrics; write a letter; cover letter; thank you note; blog post; write an essay; write an email; birthday; wedding; role play; roleplay; act as a; pretend to be; character; dialogue between; joke
        what do you think; give me ideas; give me some ideas; pros and cons;;;;; explain like i m; explain the concept; what is the meaning; tips for; advice; bake; cook; recipe for
        workout; garden; gardening; my dog; my cat; my boss; my friend; my wife; my husband; my girlfriend; my boyfriend; relationship; meditation; history of; meaning of; summarize; summarise; proofread; paraphrase; tweet; slogan; marketing; headline; interview questions; resume
        写一首; 写一篇; 故事; 诗; 作文; 菜谱; 怎么做; 建议; 祝福; 旅游; 小说; 物語; 詩; 小説; レシピ; 作り方; アドバイス; 이야기; 시를; 소설; 레시피; 조언; 여행
        escribe un poema; cuento; historia corta; receta; consejos; poema; écris un poème; histoire; recette; conseils; poème; gedicht; geschichte; rezept; ratschläge; tipps; escreva um poema; conto; receita; conselhos
        стихотворение; стих; рассказ; рецепт; совет; сказку; قصيدة; قصة; وصفة; نصيحة; कविता; कहानी; रेसिपी; सलाह; नुस्खा
    """,
    "clear": """
        story; poem; essay; email; letter; song lyrics; fun; creative; creatively; imagine you; idea; ideas; opinion; favorite; difference between; explain; describe;;; would you; should i;; tell me about; discuss; outline; article; paragraph; novel; scene; world
        英文; 介绍; 解释; 什么是; 为什么; とは; なぜ; 教えて; 무엇; 왜; 알려; qué es; por qué; explica; qu est ce; pourquoi; explique; was ist; warum; erkläre; o que é; почему; что такое; расскажи; расскажите; ما هو; لماذا; क्या है; क्यों
        why is; why are; why do; why does; how do i; how can i; how does; what is the difference between; what are the differences
        who wrote; health benefits; tell me a joke; good morning; thank you; thanks; hello; hi; hey; how are you; my new; what should i; should i wear; name for my; first world war; causes of; benefits of; my manager; apology; feeling; stressed; stress; lonely; 你好; 谢谢; 压力; 怎么办; 名字; こんにちは; ありがとう; 안녕; 고마워; hola; gracias; bonjour; merci; hallo; danke; olá; obrigado; привет; спасибо; مرحبا; شكرا; नमस्ते; धन्यवाद; puppy; baby; kids; love; suggest a name
    """,
    "faint": """
        what are; who is; what s; is it; are there; what is a
    """,
}
