"""Phrases of preference work that is not itself a grading instruction; the rest is in `grading`."""

CUES = {
    "strong": """
        preference data; preference dataset; preference pair; preference pairs; chosen and rejected; dpo; rlhf; rlaif; constitutional; reward signal; reward score; best of n; process reward; step reward; verifier; critique the response
        critique the answer; label which; annotator; annotate which; response quality; correct or incorrect; answer is correct; whether the answer is correct; hallucination score; pass or fail; pass fail
        偏好数据; 偏好对; 奖励信号; 奖励分数; 判断答案是否正确; 是否正确; 選好データ; 報酬信号; 正しいかどうか; 선호 데이터; 보상 신호; 정답 여부; datos de preferencia; si la respuesta es correcta
        données de préférence; si la réponse est correcte; präferenzdaten; ob die antwort richtig; ob die antwort korrekt; dados de preferência; se a resposta está correta; данные предпочтений; правильный ли ответ; верен ли ответ
        بيانات التفضيل; هل الإجابة صحيحة; वरीयता डेटा; क्या उत्तर सही
    """,
    "clear": "rubric; rubrics; judge; judging; grading; reward; preference; preferences; annotator; critique; evaluator; evaluation; quality of the response; feedback; 评测; 评估; 評価; 평가; rúbrica; bewertung; оценка; تقييم; मूल्यांकन",
    "faint": "criteria; score; helpful; harmless; honest; better; accuracy; response; responses; coherence; fluency; relevance",
}
