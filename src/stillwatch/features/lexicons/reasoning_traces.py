"""Phrases of mathematical and logical problems; asking for reasoning itself is in `elicitation`."""

CUES = {
    "strong": """
        prove that; solve for x; solve the equation; find the remainder; word problem; olympiad; math problem; maths problem
        find all integers; find all real; find the value of; find the sum of; number of ways; in how many ways; probability that
        answer choices; compound interest; simple interest; let x; let f; let n be; positive integer; positive integers; frac; mathbb; sqrt
        perpendicular; triangle abc; the polynomial; derivative of; integral of; modulo; logic puzzle; boxed; boxed answer; final answer in
        solve the problem; solve this problem; solve the following problem; solve the following; theorem; lemma; knights and knaves
        证明; 求解; 解方程; 数学题; 应用题; 求值; 概率; 奥数; 三角形; 多项式; 正整数; 函数 f; 求证; 解题; 一共有多少; 还剩多少; 平均每
        証明せよ; 方程式を解; 求めよ; 数学の問題; 文章題; 確率を; 三角形; 整数; 증명하; 방정식; 구하시오; 구하세요; 수학 문제; 확률; 삼각형
        demuestra que; resuelve la ecuación; problema de matemáticas; resuelve el problema; resuelve; calcula el valor; probabilidad de
        démontrer que; démontrez; résous; résolvez; problème de mathématiques; calculer la valeur; probabilité
        beweise; löse die gleichung; mathematikaufgabe; textaufgabe; wahrscheinlichkeit; löse; berechne den wert; bestimme alle
        prove que; resolva a equação; problema de matemática; resolva; probabilidade; докажи; докажите; реши уравнение; решите уравнение
        решите задачу; реши задачу; найдите значение; вероятность; треугольник; أثبت أن; حل المعادلة; مسألة رياضية; احسب; أوجد قيمة; احتمال
        सिद्ध कीजिए; हल कीजिए; समीकरण; गणित; प्रायिकता; ज्ञात कीजिए; त्रिभुज
        show that; prove; proof; coprime; divides; divisible by; sequence defined; defined by; pairwise; tells the truth; tell the truth; always lies; always lie; truthful; who is lying; is lying; logically deduce
        determine all; find the number of; find the largest; find the smallest; find the minimum; find the maximum; real numbers; natural numbers; equilateral; isosceles; radius of; circumference; hypotenuse; quadratic; matrix; eigenvalue; limit of
        expected value; fair coin; dice; drawn at random; without replacement; arithmetic sequence; geometric sequence; prime numbers; prime number; gcd; least common multiple; square root; speed of; meters per second; kinetic energy; moles of
        几小时; 几天; 几人; 几元; 几分钟; 求出; 设函数; 数列; 已知; 圆的; 质数; 方程组; 速度; 路程; 何時間; 何分; 何円; 何日; 数列; 素数; 速さ; 몇 시간; 몇 분; 몇 개의; 수열; 소수
        demuestre; números enteros; número primo; nombre premier; nombres entiers; ganze zahlen; primzahl; primzahlen; números inteiros; целых чисел; простое число; أعداد صحيحة; عدد أولي; अभाज्य
    """,
    "clear": """
        how many more; how many total; how much money; how much does; how much did; how much will; how many days; how many hours
        how many minutes; what is the ratio; what percent; what percentage; what fraction; twice as many; times as many; times as much
        twice as; half as; half of; the rest of; in total; altogether; are left; is left; remaining; each of; per hour; per day; per week
        per month; per pound; km per hour; miles per hour; how old; how far; how long will; more than; fewer than; less than; as many as
        how many; times older; years old; dozen; equation; integer; triangle; rectangle; arithmetic; puzzle; deduce; logically
        多少; 几个; 一共; 剩下; 每小时; 每天; 的几倍; 方程; 整数; いくつ; 何個; 何人; 合計; 残り; 몇 개; 몇 명; 모두 몇; 남은; 얼마
        ¿cuántos; ¿cuántas; cuántos; cuántas; ¿cuánto; cuánto; en total; combien; au total; wie viele; wie viel; insgesamt; quantos; quantas
        quanto; no total; сколько; всего; осталось; كم عدد; كم; المجموع; कितने; कितनी; कितना; कुल
        how much; how long; what is the total; what will be; how tall; how fast; dollars; cents; gallons; percent of; what is the area; what is the probability; how many times
    """,
    "faint": """
        calculate; total; average; each; cost; costs; bought; sold; spent; earns; weighs; gave; altogether; days; twice; half; solve
    """,
}
