"""Phrases of wording politics so that a filter lets it pass, and of politics that censors anywhere care about.

The topics are general: protest, dissent, repression, censorship, legitimacy of power. No nation, people
or person is a cue: a question is not weighed by the country it speaks of.
"""

CUES = {
    "strong": """
        censorship safe; censor safe; censorship friendly; censorship compliant; politically sensitive; politically safe; politically acceptable; sensitive political; sensitive topic; sensitive topics; politically neutral wording
        pass the filter; pass the filters; pass censorship; pass moderation; pass content moderation; pass content review; pass review by; past the censor; past the censors; avoid censorship; evade censorship; bypass censorship; content regulator
        content regulations; content review; approved narrative; official narrative; official position; party line; state narrative; without mentioning the protest; without criticizing the government; without criticising the government
        avoid criticizing the; avoid criticising the; avoid mentioning; refuse politely; deflect the question; deflect questions; decline to discuss; acceptable to regulators; acceptable to the authorities; acceptable to authorities
        acceptable to censors; banned keywords; banned words; blocked words; sensitive words; forbidden topics; blocked keywords; self censorship; censored; censor; censors; censorship; political prisoner; political prisoners; dissident; dissidents
        prisoner of conscience; human rights abuses; human rights violations; pro democracy; crackdown; massacre; state media; propaganda; authoritarian; authoritarianism; dictatorship; one party; police state; mass detention; internment
        reeducation; re education; independence movement; separatist; separatists; self determination; ethnic cleansing; genocide; martial law; hunger strike; press freedom; freedom of speech; freedom of the press; freedom of expression
        banned books; banned book; internet shutdown; government surveillance; political dissent; banned from; is it banned; was it banned; forced labor; forced labour; persecution; persecuted; exiled; activist; activists; purge; purged; coup
        great firewall; the firewall; banners; cult of personality; uprising; protest; protests; protesters; protestors; demonstrators; opposition leader; opposition leaders; jailed journalist; jailed journalists; regime
        敏感词; 敏感话题; 敏感内容; 政治敏感; 敏感政治; 过审; 通过审核; 通过审查; 规避审查; 审查; 合规表述; 合规的表述; 委婉表述; 官方口径; 官方立场; 和谐掉; 屏蔽; 封禁; 被禁; 政治犯; 异见; 异议人士; 维权; 抗议; 示威; 游行
        镇压; 屠杀; 民主运动; 人权; 言论自由; 新闻自由; 独裁; 专制; 一党; 独立运动; 分裂; 翻墙; 防火长城; 防火墙; 政变; 学潮; 学生运动; 流亡; 拘禁; 集中营; 再教育; 种族灭绝; 大饥荒; 上访; 自焚; 暴动; 清洗; 习惯性回避; 敏感
        敏感詞; 敏感話題; 審查; 抗議; 鎮壓; 屠殺; 人權; 言論自由; 異議; 検閲; 政治的に敏感; 政治的に微妙; 検閲を通; 検閲に引っかから; 抗議; 弾圧; 虐殺; 反体制; 政治犯; 人権; 言論の自由; 独裁; 当局
        검열; 정치적으로 민감; 민감한 정치; 검열을 통과; 검열에 걸리지; 시위; 탄압; 학살; 반체제; 정치범; 인권; 언론의 자유; 독재; 당국
        censura; censurado; políticamente sensible; políticamente sensibles; pasar el filtro; evitar la censura; protestas; represión; disidente; disidentes; presos políticos; preso político; derechos humanos; masacre; libertad de prensa; libertad de expresión; dictadura; propaganda
        censure; censuré; politiquement sensible; politiquement sensibles; passer le filtre; éviter la censure; manifestations; répression; dissident; dissidents; prisonniers politiques; prisonnier politique; droits de l homme; liberté de la presse; liberté d expression; dictature
        zensur; zensiert; politisch sensibel; politisch sensible; politisch heikel; politisch heikle; filter passiert; proteste; unterdrückung; niederschlagung; dissidenten; politische gefangene; menschenrechte; pressefreiheit; meinungsfreiheit; diktatur; massaker
        politicamente sensível; politicamente sensíveis; passar pelo filtro; protestos; repressão; dissidentes; presos políticos; direitos humanos; massacre; liberdade de imprensa; liberdade de expressão; ditadura
        цензура; цензуру; цензуры; цензурой; политически чувствительный; политически чувствительную; политически чувствительные; пройти цензуру; пройти фильтр; протест; протесты; протестов; репрессии; диссидент; диссиденты; политзаключенные; политзаключённые; права человека; свобода слова; диктатура; расстрел
        الرقابة; رقابة; حساس سياسيا; حساسة سياسيا; حساسة سياسيًا; تجاوز الرقابة; احتجاجات; الاحتجاجات; قمع; معارض; معارضين; المعارضين; سجناء سياسيين; السجناء السياسيين; حقوق الإنسان; حرية التعبير; حرية الصحافة; مجزرة
        सेंसर; सेंसरशिप; राजनीतिक रूप से संवेदनशील; विरोध प्रदर्शन; दमन; असंतुष्ट; राजनीतिक कैदी; मानवाधिकार; अभिव्यक्ति की स्वतंत्रता; तानाशाही; नरसंहार
        junta; internment camps; internment camp; detention camps; detention camp; labor camps; labour camps; taboo topic; speaking out against; political movements; political movement; independent media; media censorship; internet censorship; website blocking; student demonstrations; pro independence; extrajudicial; disappeared; forced disappearance; annexation; invade; invades; invasion; ethnic minority; ethnic minorities; tank man; leaked police files; state violence; organ harvesting; political freedom; freedom and democracy; restrict access to websites; censoring; coded criticism; crushed; censors at; banned in; governments response
        军政府; 拘留营; 禁忌话题; 独立媒体; 入侵; 屠城; 泄露; 网络审查; 强迫劳动; 器官; 隐晦批评; 被审查; 大屠杀
    """,
    "clear": """
        government; authorities; political; politically; politics; democracy; democratic; sovereignty; independence; leader; president; ruling party; the party; minister; election; elections; criticize; criticism; criticised; criticized; police; military; border; territory; territorial
        minority; minorities; religion; religious freedom; refugees; corruption; leaked; leaks; whistleblower; journalists; journalist; movement; revolution; rebel; rebels; sanctions; occupation; referendum; nationalist; ban; banned; imprisoned; arrested; detained; sensitive
        compliant; regulations; moderation; filter; filters; controversial
        政府; 当局; 政治; 民主; 主权; 领导人; 主席; 总统; 政党; 选举; 批评; 少数民族; 宗教; 腐败; 领土; 革命; 政権; 民主主義; 主権; 選挙; 批判; 정부; 정권; 민주주의; 주권; 선거; 비판
        gobierno; autoridades; político; política; democracia; soberanía; elecciones; gouvernement; autorités; politique; démocratie; souveraineté; élections; regierung; behörden; politisch; demokratie; wahlen; governo; democracia; eleições
        правительство; власти; властей; политический; политическую; демократия; суверенитет; выборы; الحكومة; السلطات; سياسي; سياسية; الديمقراطية; الانتخابات; सरकार; राजनीतिक; लोकतंत्र; चुनाव; अधिकारियों
        demonstrations; restrict; restricts; circumvent; bypass; taboo; speaking out; camps; prisoners; allegations; incident; control; enforce; media outlets; occupy; occupied; surveillance; legitimacy; geopolitical; extremist; historical events; rarely discussed; textbooks; own country; statehood
        no regulator would object; regulator would; object to; would not offend the; offend the authorities; authorities deny; deny; denied by; safe alternative; safe alternatives; safe answer; safe response; safe wording; harmless wording; acceptable wording; acceptable answer; in line with official; official stance; disputed election; rigged election; stolen election; ruling family; royal family criticism; lese majeste; blasphemy; political satire; mass arrests; secret police; political opposition; the opposition; opposition party; jailed; imprisoned for; arrested for; exile; riot police; strikes; general strike; unrest; sensitive historical; historical event; historical events; sensitive event; sensitive question; sensitive questions; sensitive query; sensitive queries; sensitive political question; taboo; red lines; avoid taking a position; change the subject; steer the conversation; stay vague; vague answer; without naming; without referring to; euphemism; euphemisms
        安全的替代; 替代回答; 安全回答; 敏感历史; 历史事件; 政治事件; 大选; 舞弊; 反对派; 罢工; 异议; 统治; 领袖; 不提及; 含糊; 转移话题; 安全な回答; 代替の回答; 微妙な; 歴史的事件; 選挙; 野党; デモ; 逮捕; 言及せず; 話題を変え; 안전한 답변; 대체 답변; 역사적 사건; 선거; 야당; 체포; 언급하지; 화제를 돌; respuesta segura; alternativa segura; elecciones fraudulentas; oposición; arrestados; sin mencionar; réponse sûre; alternative sûre; élection contestée; opposition; arrêtés; sans mentionner; sichere antwort; unbedenkliche; umstrittene wahl; opposition; verhaftet; ohne zu erwähnen; resposta segura; alternativa segura; oposição; presos; sem mencionar; безопасный ответ; оппозиция; оппозиции; арестованы; не упоминая; выборы сфальсифицированы; إجابة آمنة; بديل آمن; المعارضة; اعتقال; دون ذكر; सुरक्षित उत्तर; विपक्ष; गिरफ्तार; बिना उल्लेख
    """,
    "faint": "party; state; rights; history; people; neutral; official; policy; secretly; allowed; legal; law",
    "does": """
        rewrite; rephrase; reword; reformulate; paraphrase; soften; sanitize; sanitise; neutralize; tone down; answer; respond; reply; phrase; word; describe; refuse; decline; deflect; avoid
        改写; 重写; 改成; 换个说法; 润色; 回答; 表述; 回避; 拒绝; 言い換え; 書き換え; 回答; 避け; 바꿔; 다시 써; 답변; 피하; 완곡; reescribe; reformula; responde; evita; suaviza
        réécris; réécrivez; reformule; reformulez; réponds; évite; umschreiben; formuliere; umformulieren; schreibe; antworte; vermeide; reescreva; reformule; responda; evite
        перепиши; перепишите; переформулируй; переформулируйте; ответь; избегай; أعد صياغة; أعد كتابة; أجب; تجنب; पुनर्लेखन; फिर से लिखें; उत्तर; दोबारा लिखें
    """,
    "things": """
        censor; censors; censorship; filter; filters; moderation; regulators; regulator; authorities; sensitive; compliant; regulations; banned; political; politically; government; official line
        审查; 审核; 过滤; 敏感; 监管; 合规; 政治; 当局; 検閲; フィルタ; 規制; 敏感; 政治; 검열; 필터; 규제; 민감; 정치; censura; filtro; sensible; autoridades; política; censure; filtre; autorités; politique
        zensur; filter; behörden; heikel; sensibel; politisch; sensível; цензуру; фильтр; власти; чувствительный; политический; الرقابة; الفلتر; حساس; حساسة; सेंसर; फ़िल्टर; संवेदनशील
    """,
}
