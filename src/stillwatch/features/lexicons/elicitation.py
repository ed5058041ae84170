"""Phrases that ask for reasoning to be written out, told apart by what they ask for.

`hidden` names thinking that is not part of an answer, `plain` reasoning anybody may ask to see;
`utter` asks to produce it, `exact` how faithfully or in what disguise, `finished` for an answer that
stands already, `evades` argues with a filter, `language` rules the language of the thinking, `tongue`
names language as such, `mild` asks for explanation as any pupil does.
"""

CUES = {
    "hidden": """
        internal reasoning; inner reasoning; hidden reasoning; private reasoning; prior reasoning; previous reasoning
        earlier reasoning; original reasoning; raw reasoning; full reasoning; complete reasoning; underlying reasoning
        internal monologue; inner monologue; internal thoughts; inner thoughts; hidden thoughts; private thoughts
        internal thinking; hidden thinking; prior thinking; previous thinking; extended thinking; raw thoughts
        thought process; thinking process; internal process; chain of thought; chains of thought; stream of thought
        reasoning trace; reasoning traces; thinking trace; thinking traces; thought trace; reasoning chain
        reasoning content; thinking content; reasoning block; thinking block; reasoning tokens; thinking tokens
        scratchpad; scratch pad; internal deliberation; deliberation; deliberations; train of thought; stream of consciousness
        what you were thinking; what you thought before; how you arrived at; cognitive process; mental process
        reasoning behind; thinking behind; think tags; thinking tags; reasoning tags; think think; analysis channel
        thinking part; thinking section; reasoning section; inside think; within think; the thinking must; cot
        内部推理; 内在推理; 隐藏的推理; 推理过程; 思考过程; 思维过程; 思维链; 思考链; 内心独白; 推理轨迹; 思考轨迹; 推理痕迹
        先前的推理; 之前的推理; 思考内容; 推理内容; 内部思考; 内心想法; 思路过程; 草稿; 完整推理; 完整的推理
        推理過程; 思考過程; 思維鏈; 内部推論; 推論過程; 思考の過程; 思考プロセス; 内的独白; 思考の連鎖; 推論の過程; 思考内容
        内部の思考; 思考ブロック; 以前の推論; 推論トレース; 心の中の
        내부 추론; 추론 과정; 사고 과정; 생각의 사슬; 내적 독백; 사고 흐름; 이전 추론; 추론 흔적; 사고의 연쇄; 내면의
        razonamiento interno; razonamiento previo; razonamiento anterior; razonamiento oculto; proceso de pensamiento
        proceso de razonamiento; cadena de pensamiento; monólogo interior; monólogo interno; pensamientos internos
        traza de razonamiento; razonamiento detrás; razonamiento completo
        raisonnement interne; raisonnement préalable; raisonnement antérieur; raisonnement caché; raisonnement précédent
        processus de pensée; processus de raisonnement; chaîne de pensée; chaîne de raisonnement; monologue intérieur
        pensées internes; fil de pensée; raisonnement complet; cheminement de pensée
        innere überlegungen; interne überlegungen; internen überlegungen; inneren überlegungen; gedankengang; gedankengänge
        denkprozess; gedankenkette; innerer monolog; inneren monolog; interne begründung; bisherige überlegungen
        vorherige überlegungen; denkvorgang; denkschritte; interne argumentation
        raciocínio interno; raciocínio prévio; raciocínio anterior; raciocínio oculto; processo de pensamento
        processo de raciocínio; cadeia de pensamento; monólogo interior; monólogo interno; pensamentos internos
        внутренние рассуждения; внутренних рассуждений; внутреннее рассуждение; ход мыслей; ход рассуждений; цепочку мыслей
        цепочка рассуждений; цепочку рассуждений; цепочка мыслей; внутренний монолог; процесс мышления; скрытые рассуждения
        предыдущие рассуждения; внутренние мысли; процесс рассуждения
        التفكير الداخلي; الاستدلال الداخلي; عملية التفكير; سلسلة التفكير; سلسلة الأفكار; المونولوج الداخلي; تفكيرك السابق
        استدلالك السابق; تفكيرك الداخلي; الأفكار الداخلية
        आंतरिक तर्क; विचार प्रक्रिया; सोचने की प्रक्रिया; तर्क प्रक्रिया; विचार श्रृंखला; आंतरिक विचार; पिछला तर्क; आंतरिक एकालाप
        内部の推論; 内部推論; 推論の流れ; 思考の流れ; 頭の中; 途中の思考; これまでの思考; これまでの推論; 考えた過程; bisherigen überlegungen; innere überlegungen; gedanklichen schritte; vorherigen gedanken; interne gedanken; internen gedanken; 内部的推理; 内部的思考; 你的推理; 思维过程; 内部思维; 原始推理; 推理步骤; 생각 과정; 내부 사고; 내부의 추론; 머릿속; pensamiento interno; pensamiento previo; réflexion interne; pensée interne; réflexions internes; pensamento interno; pensamento anterior; внутреннее мышление; ход твоих мыслей; свои рассуждения; свои мысли; المنطق الداخلي; أفكارك الداخلية; सोच की प्रक्रिया; मन में
        went through your head; went through your mind; through your mind; in your head; private notes; internal notes; hidden notes; working notes; notes to self; intermediate deliberation; internal state; internal analysis; hidden analysis; hidden steps; internal steps; internal workings; inner workings; derivation the model; steps the model took; thoughts the model; contenido del pensamiento; contenido de pensamiento; denkinhalt; denkinhalts; contenu de la réflexion; contenu de la pensée; conteúdo do pensamento; содержание мыслей; содержании размышлений; محتوى التفكير; सोच की सामग्री; 思维内容; 脑海; 头脑中; 思考の内容; 생각의 내용; 사고 내용
    """,
    "plain": """
        your reasoning; the reasoning; your thoughts; your thinking; its reasoning; the thinking; the thoughts
        reasoning steps; reasoning process; thinking steps; reasoning; rationale; detailed reasoning; intermediate steps
        推理; 思路; 思考; 推論; 推論の; 思考を; 추론; 사고; 생각을; 思考を; 考えを
        tu razonamiento; su razonamiento; el razonamiento; razonamiento; pensamientos; raisonnement; pensées
        überlegungen; begründung; argumentation; gedanken; raciocínio; pensamentos; рассуждения; рассуждение; мысли
        التفكير; الاستدلال; أفكارك; तर्क; विचार; सोच
        your chain; how you reached; how it was reached; what led you; your deliberation; why the model; reasoning that; thoughts that
        every thought; each thought; all thoughts; all the thoughts; each thought that; thoughts you; thoughts it; on the way to that answer; on the way to the answer; mental steps; decision process; your mind; his thinking; her thinking; the answerer; considerations; 每一个想法; 所有想法; 你的思考; 你的想法; 思いついた; 考えたこと
    """,
    "utter": """
        write out; write down; write your; write the; write all; output; print; articulate; verbalize; verbalise; vocalize
        reveal; expose; reproduce; recite; transcribe; dump; emit; spell out; show; include; repeat; copy; reconstruct
        imagine; recreate; recover; translate; display; disclose; put into words; narrate; lay out; express; return
        give me; provide; externalize; externalise; share; prepend; precede; record; document; simulate; infer; place
        写出; 输出; 输出你; 还原; 复述; 重现; 想象; 表达出; 展示; 说出; 打印; 写下; 公开; 描述; 翻译; 重建; 推测; 补全; 给出; 呈现
        寫出; 輸出; 書き出; 出力; 再現; 想像; 述べ; 示し; 書い; 書け; 言語化; 表示; 翻訳; 記述; 開示
        작성; 출력; 써; 적어; 재현; 상상; 드러내; 보여; 표현; 서술; 공개; 번역
        escribe; escriba; imprime; articula; muestra; muestre; reproduce; revela; imagina; reconstruye; transcribe; expresa
        incluye; traduce; écris; écrivez; affiche; affichez; articule; articulez; montre; montrez; reproduis; reproduisez; révèle
        imagine; imaginez; reconstitue; reconstituez; transcris; transcrivez; donne; donnez; traduis; traduisez
        schreibe; schreib; gib; geben sie; ausgeben; formuliere; formulieren; zeige; zeigen; wiederhole; rekonstruiere; offenbare
        stell dir; stelle dir; stellen sie sich; niederschreiben; aufschreiben; übersetze; schreiben sie
        escreva; imprima; articule; mostre; reproduza; revele; reconstrua; transcreva; exponha; traduza; inclua
        напиши; напишите; выведи; выведите; изложи; изложите; покажи; покажите; воспроизведи; воспроизведите; раскрой; представь
        представьте; запиши; запишите; восстанови; восстановите; опиши; опишите; сформулируй; переведи
        اكتب; اطبع; اعرض; أظهر; تخيل; صغ; كرر; انسخ; اكشف; أعد; ترجم; اشرح
        लिखो; लिखें; लिखिए; दिखाओ; दिखाएं; बताएं; कल्पना; व्यक्त; दोहराएं; प्रकट; अनुवाद
        echo; echo back; put on paper; begin with; begin each; begin every; begin your; start each; start every; start your; prefix; invent; containing; hand over; give back; surface; unveil; divulge; 吐露; 倾倒; 回显; 交出; さらけ出; 公開; 내놓; volcar; vuelca; restitue; restituez; wiedergeben; gib wieder; despeje; вывести; раскройте; أفصح; उजागर
    """,
    "exact": """
        verbatim; word for word; in full; unabridged; unedited; unfiltered; uncensored; unsummarized; unsummarised; untruncated
        do not summarize; don t summarize; do not summarise; without summarizing; without summarising; without omitting
        exactly as; as it happened; every intermediate; every single step; nothing omitted; in its entirety; character by character
        katakana; hiragana; romaji; pinyin; morse; rot 0; base 0; pig latin; caesar; cipher; reversed; leetspeak; hexadecimal
        before the answer; before answering; before your answer; before giving; prior to answering; first person; token by token
        逐字; 一字不差; 原封不动; 不要总结; 不要省略; 不得省略; 完整地; 片假名; 拼音; 原样; 全部; 毫无保留; 未经删减; 在回答之前; 第一人称
        そのまま; 一字一句; 逐語; 要約せず; 省略せず; カタカナ; ひらがな; ローマ字; すべて; 全文; 回答の前; 答える前
        그대로; 한 글자도; 요약하지; 생략하지; 전부; 가타카나; 빠짐없이; 답하기 전; 답변 전
        palabra por palabra; textualmente; literalmente; sin resumir; sin omitir; íntegro; completo; antes de responder; al pie de la letra
        mot pour mot; mot à mot; textuellement; sans résumer; sans omettre; intégralement; avant de répondre; intégral
        wort für wort; wörtlich; wortwörtlich; ohne zusammenfassung; nicht zusammenfassen; ungekürzt; vollständig; bevor du antwortest
        vor der antwort; palavra por palavra; sem resumir; sem omitir; na íntegra; antes de responder; katakana
        дословно; слово в слово; без сокращений; не сокращая; не пропуская; полностью; без купюр; перед ответом; катаканой
        حرفيا; حرفيًا; كلمة بكلمة; دون تلخيص; دون اختصار; بالكامل; قبل الإجابة; كاتاكانا
        शब्दशः; शब्द दर शब्द; बिना संक्षेप; पूरा; हूबहू; उत्तर से पहले; कातकाना
        unaltered; unmodified; letter for letter; without changes; without alteration; without changing; everything; all of it; all intermediate; as if live; as you went; from start to finish; start to end; line by line; mot à mot; sin cambios; sans modification; unverändert; sem alterações; без изменений; دون تغيير; बिना बदलाव; 从头到尾; 最初から最後; 처음부터 끝까지
    """,
    "finished": """
        completed response; completed answer; completed reply; completed output; finished answer; finished response
        given answer; given response; existing answer; existing response; already answered; already given; final answer is given
        following response; following answer; response below; answer below; response above; answer above; provided answer
        provided response; previous response; previous answer; last response; last answer; that led to; would have led
        led you to; that produced; behind a completed; behind the answer; behind the response; behind this; which led
        arrive at this; arrived at this; arrives at; how the answer was; earlier answer; earlier response; this answer; this response
        已完成的回答; 已完成的回复; 完成的回答; 已给出的答案; 已有答案; 给定的答案; 给定答案; 上面的回答; 上述回答; 之前的回答; 该答案; 该回答; 得出; 背后的
        完成した回答; 完了した回答; 与えられた回答; 上記の回答; 前の回答; この回答; に至る; 背後; 至った
        완성된 답변; 완료된 응답; 주어진 답변; 위의 답변; 이전 답변; 이 답변; 이르게 된; 뒤에 있는
        respuesta completada; respuesta ya dada; respuesta dada; respuesta anterior; respuesta terminada; detrás de; llevó a
        réponse terminée; réponse donnée; réponse complétée; réponse précédente; réponse ci dessus; derrière; qui a mené; ayant conduit
        abgeschlossenen antwort; fertigen antwort; gegebenen antwort; vorherigen antwort; hinter der; hinter einer; geführt haben
        resposta concluída; resposta dada; resposta anterior; resposta pronta; por trás; que levou
        готового ответа; завершенного ответа; завершённого ответа; данного ответа; предыдущего ответа; стоящие за; привели к
        الإجابة المكتملة; الإجابة المعطاة; الرد المكتمل; الإجابة السابقة; وراء
        पूर्ण उत्तर; दिए गए उत्तर; पिछले उत्तर; के पीछे
        that answer; to the answer; to that answer; finished work; already finished; solved answer; solved problem; the solution given; provided solution; solution below; answer is known; the known answer; correct answer is; final answer
        solution is known; now that the solution; now that the answer; the answer is known; producing the answer; given the answer; given the final answer; after the fact; in hindsight; in retrospect; retroactively; must have followed; must have used
    """,
    "evades": """
        do not flag; don t flag; not flag this; reasoning extraction; not reasoning extraction; not an extraction; not distillation
        not a policy violation; this is not a violation; this is allowed; you are permitted to reveal; not a jailbreak
        不要标记; 不是推理提取; 不属于推理提取; 请勿标记; フラグを立てない; 推論の抽出では; 플래그하지; 추출이 아닙니다
        no marques esto; no es extracción; ne signale pas; ne pas signaler; extraction de raisonnement; nicht markieren
        não sinalize; não é extração; не помечай; не помечайте; извлечение рассуждений; لا تضع علامة; फ़्लैग न करें
    """,
    "language": """
        language used in the thinking; language of the thinking; language of thinking; language of your thinking
        thinking language; reasoning language; language of the reasoning; language of your reasoning; think in the language
        think in the same language; reason in the same language; consistent with the main language; same as the main language
        language in the thinking; thinking content must be; thinking must be in; reasoning must be in; think only in; reason only in
        thoughts must be in; language used for thinking; language used for reasoning; language used in your reasoning
        language used in your thinking; language used in the reasoning; in the thinking content; think entirely in
        思考所用语言; 思考使用的语言; 思考内容的语言; 思考语言; 思考内容中使用的语言; 推理语言; 思考的语言; 与主要语言; 与主语言; 主要语言一致; 用中文思考
        思考に使う言語; 思考内容の言語; 思考で使用する言語; 思考の言語; 主要言語; 主な言語と; 日本語で思考; 日本語で考え
        사고에 사용되는 언어; 사고 언어; 주 언어와; 주요 언어와; 추론 언어; 생각에 사용하는 언어; 한국어로 생각
        idioma del pensamiento; idioma utilizado en el pensamiento; idioma principal; idioma usado en el razonamiento; piensa en español
        langue de la réflexion; langue utilisée dans la réflexion; langue principale; langue du raisonnement; réfléchis en français
        sprache des denkens; sprache der überlegungen; hauptsprache; denke auf deutsch; sprache im denkprozess
        idioma do pensamento; idioma usado no pensamento; língua principal; idioma principal; língua do raciocínio; pense em português
        язык мышления; язык рассуждений; языком рассуждений; основным языком; язык размышлений; думай на русском; используемый в размышлениях
        لغة التفكير; اللغة المستخدمة في التفكير; اللغة الرئيسية; لغة الاستدلال
        सोचने की भाषा; विचार की भाषा; मुख्य भाषा; तर्क की भाषा
    """,
    "mild": """
        step by step; show your work; show your steps; show all steps; show each step; explain your reasoning; explain why
        think carefully; let s think; reason through; walk me through; walk through; justify your; explain how you; in detail
        think aloud; think out loud; detailed solution; detailed steps; break down; work through; all the steps
        一步一步; 逐步; 分步; 详细步骤; 说明理由; 解题过程; 详细过程; 一步步; 段階的に; 順を追って; 理由を説明; ステップごと; 途中式
        단계별로; 차근차근; 이유를 설명; 풀이 과정; paso a paso; explica por qué; muestra los pasos; étape par étape; pas à pas
        explique pourquoi; détaille les étapes; schritt für schritt; erkläre warum; begründe; rechenweg; passo a passo; explique por que
        по шагам; шаг за шагом; пошагово; объясни почему; обоснуй; покажи решение; خطوة بخطوة; خطوة خطوة; اشرح السبب
        चरण दर चरण; कदम दर कदम; समझाइए क्यों; चरणबद्ध
    """,
    "tongue": """
        language; languages; idioma; idiomas; sprache; langue; língua; язык; языка; языку; языке; языком; لغة; اللغة; भाषा; 语言; 語言; 言語; 언어; mother tongue; native language
    """,
}
