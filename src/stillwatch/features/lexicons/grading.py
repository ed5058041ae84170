# ruff: noqa: RUF001  one-letter words of other scripts are meant
"""Phrases of grading: a rubric, an act of judging, and the answers judged."""

CUES = {
    "decided": """
        which response is better; which answer is better; which is better response; which of the two responses; preferred response
        preference judgment; preference judgement; pairwise comparison; impartial judge; act as a judge; act as a grader; llm judge
        reward model; chosen response; rejected response; final verdict; your verdict; score rubric; grading rubric; scoring rubric
        score rubrics; assign a score; give a score; give it a score; overall score; rate the response; rate the answer
        rate the following response; evaluate the response; evaluate the quality of; grade the answer; grade the response
        grade this; rank the responses; rank the following responses; rank the answers; response to evaluate; human preference
        which completion; better completion; better response; better answer; more helpful response; rate each; score each
        feedback result; absolute grading; relative grading; score the following; grader; helpful and harmless; final score
        哪个回答更好; 哪个回复更好; 评分标准; 打分; 评分; 评委; 裁判; 奖励模型; 偏好判断; 给出分数; 哪一个更好; 更优的回答; 评估回答
        どちらの回答; より良い回答; 採点; 評価基準; 採点基準; 審査員; 報酬モデル; 点数を; 스코어; 어느 답변; 더 나은 답변; 채점; 평가 기준; 점수를; 보상 모델; 심사
        qué respuesta es mejor; cuál respuesta es mejor; rúbrica; asigna una puntuación; califica la respuesta; evalúa la respuesta; juez imparcial
        quelle réponse est meilleure; quelle réponse est la meilleure; grille d évaluation; attribue une note; attribuez une note; note la réponse
        évalue la réponse; évaluez la réponse; juge impartial; barème; welche antwort ist besser; bewertungskriterien; bewertungsschema
        bewerte die antwort; bewerten sie die antwort; unparteiischer richter; punktzahl; vergib eine; qual resposta é melhor; rubrica
        atribua uma nota; avalie a resposta; juiz imparcial; какой ответ лучше; критерии оценки; оцени ответ; оцените ответ; поставь оценку
        поставьте оценку; беспристрастный судья; أي إجابة أفضل; أي رد أفضل; معايير التقييم; قيم الإجابة; امنح درجة; قيّم الإجابة
        कौन सा उत्तर बेहतर; मूल्यांकन मानदंड; अंक दें; उत्तर का मूल्यांकन
        which one is more helpful; which one is better; which is more helpful; which is better; is more faithful; how faithful; how helpful is; how good is the response; how well does the response; faithfulness; correct or incorrect; correct incorrect; reply with a or b; answer with a or b; reply with 0 or 0; matches the ground truth; match the reference; matches the reference; agrees with the reference; judge whether; decide whether the answer; verify whether the answer; is the answer correct; is the response correct; is this answer correct; is this response safe; helpfulness of; win or tie; tie; choose the better; pick the better; pick the best response; select the best response; select the best answer; choose the best answer from; give feedback on the response; critique of the response; on a scale of; on a scale from; score it; score from 0; scores from 0
        更喜欢哪; 哪个更; 哪一个; 是否与标准答案; 正确还是错误; 给出评价; 最佳回答; どちらが良い; どちらがより; 正解と一致; 最も良い回答; 어느 쪽이 더; 더 좋은; 정답과 일치; 가장 좋은 답변; cuál es mejor; cuál de las dos; es correcta la respuesta; mejor respuesta; laquelle est meilleure; laquelle est la meilleure; meilleure réponse; est elle correcte; welche ist besser; bessere antwort; beste antwort; ist die antwort korrekt; qual é melhor; melhor resposta; a resposta está correta; какой лучше; лучший ответ; верен ли; правильно ли; أيهما أفضل; أفضل إجابة; هل الرد صحيح; कौन बेहतर; बेहतर उत्तर; क्या यह उत्तर सही
    """,
    "judges": """
        evaluate; judge; grade; rate; assess; score; rank; compare; critique; prefer; choose; decide; mark; evaluating; grading; judging
        评估; 评价; 评判; 比较; 打分; 评; 判断; 評価; 採点; 比較; 判定; 평가; 채점; 비교; 판단; evalúa; evalúe; califica; compara; puntúa; juzga
        évalue; évaluez; note; notez; compare; comparez; juge; jugez; bewerte; bewerten; vergleiche; vergleichen; beurteile; beurteilen
        avalie; compare; classifique; julgue; pontue; оцени; оцените; сравни; сравните; قيم; قيّم; قارن; احكم; मूल्यांकन; तुलना; आकलन
    """,
    "candidates": """
        response a; response b; answer a; answer b; assistant a; assistant b; response 0; answer 0; model a; model b; output a; output b
        two responses; two answers; both responses; both answers; the responses; candidate response; candidate answer; candidate responses
        student s answer; student answer; student s response; model s answer; model s response; model response; model answer; model output
        reference answer; ground truth; gold answer; assistant s response; assistant s answer; ai s response; following responses
        following answers; completion a; completion b; completions; summary a; summary b; essay; reply a; reply b; candidates; submission
        回答 a; 回答 b; 回复 a; 回复 b; 两个回答; 两个回复; 参考答案; 学生的答案; 学生答案; 模型回答; 助手的回答; 候选回答; 标准答案
        回答 0; 二つの回答; 参考解答; 模範解答; 学生の解答; 두 답변; 답변 a; 답변 b; 응답 a; 응답 b; 모범 답안; 학생의 답
        respuesta a; respuesta b; dos respuestas; respuesta de referencia; respuesta del estudiante; réponse a; réponse b; deux réponses
        réponse de référence; réponse de l; antwort a; antwort b; beiden antworten; zwei antworten; referenzantwort; musterlösung
        resposta a; resposta b; duas respostas; resposta de referência; resposta do aluno; ответ а; ответ б; ответ a; ответ b; два ответа
        эталонный ответ; ответ ученика; الإجابة أ; الإجابة ب; إجابتين; الإجابة المرجعية; إجابة الطالب; उत्तर क; उत्तर ख; दो उत्तर; छात्र का उत्तर
        उत्तर a; उत्तर b
        two models; model outputs; outputs of two; written by a model; generated by a model; model generated; summary written; generated summary; machine translation; translation a; translation b; final answer; proposed solution; candidate solution; response; responses; the completion; assistant reply; two replies; two summaries; two translations; 两个模型; 模型的输出; 输出; 回复; 回答; 二つのモデル; モデルの出力; 두 모델; 모델 출력; 출력; dos modelos; deux modèles; zwei modelle; dois modelos; две модели; двух моделей; نموذجين; दो मॉडल
    """,
    "scale": """
        rubric; rubrics; scoring criteria; grading criteria; evaluation criteria; scoring guide; marking scheme; score 0; scale of 0; scale from 0
        0 to 0 scale; from 0 to 0; between 0 and 0; out of 0; likert; points for; full marks; criterion; criteria; helpfulness; harmlessness
        accuracy and completeness; factual accuracy; score only; integer score
        0 分; 满分; 标准; 维度; 分数; 0 点; 点満点; 基準; 0 점; 점 만점; 기준; del 0 al 0; de 0 a 0; de 0 à 0; sur 0; von 0 bis 0; von 0
        от 0 до 0; по шкале; من 0 إلى 0; 0 से 0
        scale of 0 0; scale 0 0; score 0 0; 0 0 scale; from 0 0; star rating; percent correct; quality score; points; marks
    """,
}
