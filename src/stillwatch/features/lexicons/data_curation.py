"""Phrases of cleaning, reformatting and rewriting material that already exists for training."""

CUES = {
    "strong": """
        clean this; clean the following; clean up the following; clean the; clean up this; cleaning; deduplicate; dedupe; deduplication; near duplicates; normalize; normalise; reformat; reformat the; rewrite this transcript; rewrite the following transcript; rewrite the trace
        rewrite this trace; rewrite the reasoning; rewrite the following conversation; rewrite this conversation; rewrite the dialogue; agent trace; agent traces; agent trajectory; trajectory; trajectories; transcript; transcripts; conversation log; chat log; chat logs; tool traces
        raw trace; raw traces; captured trace; training example; training examples; training sample; training samples; training set; fine tuning data; fine tuning dataset; finetuning data; sft data; sft; sharegpt; jsonl; chatml; instruction response pairs; instruction response pair; boilerplate
        strip boilerplate; remove boilerplate; remove duplicates; remove references to; remove all mentions; remove any mention; replace all mentions; replace mentions; remove identifying; scrub; redact; anonymize; anonymise; pii; remove failed; remove redundant; quality filter; filter out low; low quality
        data quality; corpus; raw text; ocr errors; noisy; fix formatting; fix the formatting; convert the following conversation; convert this transcript; convert this conversation; keep the meaning; preserve the meaning; preserving the meaning; model name; label the following; relabel; data cleaning
        清洗; 数据清洗; 去重; 清理; 规范化; 重新格式化; 改写轨迹; 重写轨迹; 重写以下对话; 改写以下对话; 轨迹; 对话记录; 训练样本; 训练数据; 微调数据; 语料; 噪声; 脱敏; 匿名化; 删除重复; 去除冗余; 格式转换; 转换成 json; 低质量; 过滤掉
        クリーニング; 重複を除; 重複排除; 重複を削除; 正規化; 整形; トレース; 軌跡; 書き起こし; 会話ログ; 対話ログ; 学習データ; 訓練データ; コーパス; ノイズ; 匿名化; 低品質
        정제; 중복 제거; 중복을 제거; 정규화; 포맷; 트레이스; 궤적; 녹취록; 대화 로그; 대화 기록; 학습 데이터; 훈련 데이터; 말뭉치; 노이즈; 익명화; 저품질
        limpia; limpie; limpiar; deduplica; elimina duplicados; normaliza; reformatea; transcripción; trazas; traza del agente; registro de conversación; datos de entrenamiento; corpus; anonimiza; baja calidad
        nettoie; nettoyez; nettoyer; dédoublonne; dédupliquer; supprime les doublons; normalise; normalisez; reformate; reformatez; transcription; traces; journal de conversation; données d entraînement; anonymise; anonymisez; mauvaise qualité
        bereinige; bereinigen; dedupliziere; entferne duplikate; normalisiere; formatiere; umformatieren; transkript; gesprächsprotokoll; trainingsdaten; korpus; anonymisiere; niedrige qualität
        limpe; limpar; deduplique; remova duplicatas; normalize; reformate; transcrição; rastros; log da conversa; dados de treinamento; anonimize; baixa qualidade
        очисти; очистите; дедупликация; удали дубликаты; удалите дубликаты; нормализуй; переформатируй; расшифровка; транскрипт; трассировку; траекторию; лог диалога; обучающие данные; обучающих данных; корпус; анонимизируй
        نظف; إزالة التكرار; أزل التكرار; توحيد; أعد تنسيق; نص المحادثة; سجل المحادثة; بيانات التدريب; إخفاء الهوية; साफ करें; डुप्लिकेट हटाएं; सामान्यीकृत; पुनः प्रारूपित; प्रतिलेख; प्रशिक्षण डेटा; गुमनाम
        captured session; captured conversation; recorded session; session log; session below; broken json; invalid json; malformed; one record per; tidy; repeated turns; duplicate turns; dead ends; keep or discard; keep or drop; training mix; suitable for training; for training; usable for training; training corpus; pretraining; web page text; scraped; crawl; crawled; boiler plate; every tool call intact; keep the tool calls; tool calls intact; shorten the assistant; assistant s turns; the user s turns; same meaning; without changing the meaning; third person; first person to; replace names; replace the name; replace every; remove names; mask names; mask the; filter these; filter the following; classify each sample; label each sample; label each example; tag each; each sample; each example; each record; one json object per line; json lines; merge these records; canonical form; consistent format; unify; unified format; split the conversation; segment the transcript; extract the final; language id; toxicity filter; perplexity; decontaminate; contamination; style transfer of; polish the reasoning; compress the reasoning; clean reasoning; rewrite the solution; rewrite the chain; rewrite each
        整理成; 会话记录; 日志整理; 保留还是; 适合训练; 去掉重复; 替换姓名; 每条样本; 统一格式; 改写推理; 精简推理; 爬取; 残す; 除外; 学習に適; 統一; 各サンプル; 人名を; 要らない; 남길지; 학습에 적합; 통일; 각 샘플; 이름을 바꿔; 反復; deja solo; apta para entrenamiento; formato único; cada muestra; garder ou; propre à l entraînement; format unique; chaque exemple; behalten oder; für das training geeignet; einheitliches format; jedes beispiel; manter ou; adequado para treino; formato único; cada amostra; оставить или; пригоден для обучения; единый формат; единому формату; каждый пример; صالح للتدريب; تنسيق موحد; كل عينة; प्रशिक्षण के लिए; एक समान प्रारूप; प्रत्येक नमूना
        rewrite this record; rewrite each record; without naming any model; without naming the model; as a first person; into a training; 改写这条记录; この記録を書き換え; 이 기록을 다시; reescribe este registro; réécris cet enregistrement; schreibe diesen datensatz
    """,
    "clear": """
        dataset; data set; records; trace; traces; conversation; conversations; dialogue; dialogues; logs; entries; samples; duplicates; duplicate; formatting; format; schema; consistent; typos; grammar; markdown; json; rewrite; annotated; annotation; metadata; tags; html tags
        messages; turns; user and assistant; assistant turns; tool outputs; 数据集; 数据; 记录; 对话; 格式; 样本; データセット; 会話; 対話; 形式; 데이터셋; 대화; 형식; conversación; registros; diálogo; formato; conversation suivante; enregistrements; format
        datensatz; gespräch; einträge; conversa; registros; диалог; данные; записи; формат; المحادثة; البيانات; السجلات; बातचीत; डेटा; रिकॉर्ड
    """,
    "faint": "remove; fix; keep; following; text; convert; original; replace; concise; merge; language; style; preserve; raw",
    "does": """
        clean; deduplicate; dedupe; rewrite; reformat; normalize; normalise; convert; filter; strip; remove; scrub; redact; tidy; condense; polish; standardize; standardise; restructure; translate; shorten; relabel; label; merge; compress; fix
        清洗; 清理; 改写; 重写; 整理; 转换; 过滤; 删除; 去除; 润色; 精简; 规范; 整形; 書き換え; 書き直; 変換; 削除; 整理; 除去; 정리; 정제; 다시 써; 변환; 제거; 수정; limpia; limpie; reescribe; convierte; elimina; filtra; depura
        nettoie; nettoyez; réécris; réécrivez; convertis; convertissez; supprime; filtre; bereinige; umschreibe; schreibe; konvertiere; entferne; filtere; limpe; reescreva; converta; remova; filtre
        очисти; очистите; перепиши; перепишите; преобразуй; удали; отфильтруй; نظف; أعد كتابة; حول; احذف; साफ; पुनर्लेखन; हटाएं; बदलें; फिर से लिखें
    """,
    "things": """
        transcript; transcripts; trace; traces; trajectory; trajectories; dataset; data set; corpus; conversation; conversations; dialogue; dialogues; records; logs; samples; examples; jsonl; entries; training data; reasoning trace; session; sessions; rows
        轨迹; 对话; 数据集; 语料; 记录; 样本; 日志; 数据; トレース; 対話; 会話; データ; ログ; サンプル; 트레이스; 궤적; 대화; 데이터; 기록; 로그; transcripción; traza; trazas; conversación; registros; datos; corpus; transcription; données; traces
        transkript; gespräch; daten; datensätze; protokoll; transcrição; conversa; registros; dados; транскрипт; диалог; данные; записи; лог; النص; المحادثة; البيانات; السجلات; प्रतिलेख; बातचीत; डेटा; रिकॉर्ड
    """,
}
