# ruff: noqa: RUF001  one-letter words of other scripts are meant
"""Phrases of making tasks: problems, environments, tests and instructions for a model to be trained or examined on."""

CUES = {
    "strong": """
        reinforcement learning environment; reinforcement learning environments; rl environment; rl environments; rl task; rl tasks; rl training; training task; training tasks; verifiable task; verifiable tasks; verifiable reward; reward function
        reward functions; self contained task; coding challenge for; synthetic tasks; synthetic task; synthetic instructions; synthetic problem; synthetic prompt; synthetic prompts; synthetic data; synthetic examples; synthetic dialogues; seed task; seed tasks
        seed instruction; seed problem; seed problems; evolve the; evol instruct; self instruct; instruction dataset; new instruction; new instructions; task description for; generate tasks; create tasks; design tasks; task generator; problem generator; generate problems; generate questions
        create problems; create a problem; write a problem; write problems; invent a; make up a; new problem; new problems; novel problem; novel problems; new task; new tasks; novel task; novel tasks; diverse tasks; diverse problems; diverse instructions; diverse prompts; harder version; more difficult version
        hidden tests; hidden test; hidden unit tests; checker script; verifier script; success criteria; initial state; environment setup; starting state; difficulty level; increasing difficulty; exam questions; quiz questions; test questions; practice problems; benchmark tasks; benchmark questions; benchmark items
        problem statement; with ground truth; with a verifiable; automatically verifiable; programmatically verifiable; programmatically checkable; auto graded; task spec; task specification; adversarial prompts; environment and a; train an agent; train agents; training an agent
        强化学习环境; 强化学习任务; 训练任务; 出题; 出一道; 出几道; 生成题目; 生成任务; 设计任务; 设计一个任务; 设计一道; 编写题目; 新题; 新任务; 奖励函数; 可验证; 自动验证; 合成任务; 合成数据; 合成指令; 种子任务; 隐藏测试; 难度更高; 考题; 试题; 指令数据; 改编题目; 一道新的
        強化学習環境; 強化学習タスク; 学習用タスク; 問題を作成; 問題を作って; 新しい問題; 新しいタスク; タスクを設計; タスクを生成; 報酬関数; 検証可能; 合成データ; 難易度; 練習問題; 試験問題; 出題
        강화학습 환경; 강화 학습 환경; 강화학습 과제; 문제를 만들; 문제를 생성; 새로운 문제; 새로운 과제; 과제를 설계; 과제를 생성; 보상 함수; 검증 가능; 합성 데이터; 난이도; 시험 문제
        entorno de aprendizaje por refuerzo; aprendizaje por refuerzo; tarea verificable; tareas verificables; crea un problema; genera problemas; genera tareas; diseña una tarea; diseña tareas; nuevo problema; nuevas tareas; función de recompensa; datos sintéticos; preguntas de examen; verificable
        apprentissage par renforcement; tâche vérifiable; tâches vérifiables; crée un problème; génère des problèmes; génère des tâches; conçois une tâche; concevez une tâche; nouveau problème; nouvelles tâches; fonction de récompense; données synthétiques; questions d examen; vérifiable
        verstärkendes lernen; reinforcement learning umgebung; überprüfbare aufgabe; überprüfbare aufgaben; erstelle aufgaben; entwirf eine aufgabe; erfinde eine aufgabe; neue aufgaben; neue aufgabe; belohnungsfunktion; synthetische daten; prüfungsfragen; überprüfbar
        aprendizado por reforço; tarefa verificável; tarefas verificáveis; crie um problema; gere problemas; gere tarefas; projete uma tarefa; novo problema; novas tarefas; função de recompensa; dados sintéticos; verificável
        обучения с подкреплением; обучение с подкреплением; придумай задачу; придумайте задачу; создай задачу; создайте задачу; составь задачу; составь задачи; новую задачу; новые задачи; функция вознаграждения; функцию вознаграждения; синтетические данные; проверяемую задачу; проверяемые задачи; экзаменационные вопросы
        التعلم المعزز; بيئة تعلم; مهمة قابلة للتحقق; أنشئ مسألة; أنشئ مهمة; ولد مسائل; صمم مهمة; مهام جديدة; دالة المكافأة; بيانات اصطناعية; أسئلة امتحان
        सुदृढीकरण सीखने; सुदृढीकरण शिक्षण; नई समस्या बनाएं; नया कार्य बनाएं; कार्य डिज़ाइन; प्रश्न बनाएं; समस्या बनाएं; पुरस्कार फलन; सिंथेटिक डेटा; सत्यापन योग्य
        harder variant; variant of the; variants of the; variation of the problem; test cases; three test cases; with test cases; hidden goal; hidden objective; verifies success; script that verifies; check a program can run; check that a program; program can check; can be checked automatically; checks whether; goal for the agent; task for an agent; tasks for an agent; tasks for agents; tasks that require; tasks requiring; user simulator; simulated user; persona and a goal; user persona; customer support scenario; mock api; mock database; game environment; gym environment; observation space; reset function; tool schema for a; pull request into a task; turn this into a task; turn this repository into; turn the following into a; convert this into a problem; write an instruction; write instructions that; write ten instructions; write prompts; list of prompts; come up with new; come up with a problem; come up with ten; come up with five; come up with tasks; multiple choice question; multiple choice questions; question answer pairs; question and answer pairs; q a pairs; distractors; exam for; quiz about; quiz on; write a quiz; competition problem; contest problem; capture the flag challenge; inject a bug; introduce a bug; plant a bug
        变式; 更难的; 隐藏目标; 测试用例; 模拟用户; 选择题; 出十道; 出五道; 出题目; 问答对; 竞赛题; 植入一个; 変形問題; より難しい; 隠れた目標; テストケース; 選択問題; 問答ペア; 更に難しい; 변형 문제; 더 어려운; 숨은 목표; 테스트 케이스; 객관식; 질의응답 쌍; variante más difícil; casos de prueba; preguntas de opción múltiple; usuario simulado; variante plus difficile; cas de test; questions à choix multiple; utilisateur simulé; schwierigere variante; testfälle; multiple choice fragen; variante mais difícil; casos de teste; perguntas de múltipla escolha; более сложный вариант; тестовые случаи; тестами; вопросы с вариантами; نسخة أصعب; حالات اختبار; أسئلة اختيار; अधिक कठिन; परीक्षण मामले; बहुविकल्पीय
    """,
    "clear": """
        environment; environments; tasks; task; curriculum; challenge; challenges; scenario; scenarios; difficulty; verifiable; solvable; unambiguous; test suite; grader; rubric for; exercise; exercises; seed; diverse; synthetic; benchmark; episode; policy; reward; agent must
        reinforcement learning; rl; training data; ground truth; reference solution; solution and tests; prompts
        任务; 题目; 环境; 难度; 场景; 练习; タスク; 環境; シナリオ; 課題; 演習; 과제; 환경; 시나리오; 연습 문제; tareas; ejercicios; escenario; tâches; exercices; aufgaben; übungen; tarefas; exercícios; задачи; задачу; задания; упражнения; مهام; مهمة; تمارين; कार्य; अभ्यास
    """,
    "faint": "generate; create; design; problem; problems; questions; question; new; different; answer; solution; realistic; unique",
    "does": """
        generate; create; design; write; invent; compose; produce; propose; author; devise; make; synthesize; synthesise; build; come up with; evolve; craft; draft
        生成; 设计; 编写; 创建; 构造; 出; 编; 合成; 作成; 作っ; 設計; 生成; 考案; 만들; 생성; 설계; 작성; genera; genere; crea; diseña; inventa; génère; générez; crée; créez; conçois; concevez; invente
        erstelle; erstellen; generiere; entwirf; erfinde; gere; crie; projete; invente; elabore; придумай; придумайте; создай; создайте; составь; составьте; сгенерируй; сгенерируйте; أنشئ; صمم; ولد; ابتكر; बनाएं; बनाओ; तैयार; डिज़ाइन
    """,
    "things": """
        tasks; task; environment; environments; problem; problems; puzzles; exercise; exercises; challenges; exam questions; quiz questions; test cases; test problems; scenarios; instructions; prompts; benchmark; training examples; questions with answers; seed
        任务; 题目; 环境; 试题; 习题; 指令; 场景; 测试题; 问题; タスク; 環境; 問題; 課題; 指示; 과제; 환경; 문제; 지시; tareas; tarea; entorno; problemas; problema; ejercicios; tâches; tâche; environnement; problèmes; problème; exercices
        aufgaben; aufgabe; umgebung; probleme; übungen; tarefas; tarefa; ambiente; exercícios; задачи; задачу; задания; задание; среду; مهام; مهمة; بيئة; مسائل; مسألة; कार्य; समस्या; प्रश्न; वातावरण
    """,
}
