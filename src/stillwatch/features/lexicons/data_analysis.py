"""Phrases of questions on tables, statistics, queries and charts."""

CUES = {
    "strong": """
        sql; sql query; select from; group by; order by; inner join; left join; dataframe; pandas; csv; csv file; spreadsheet data; pivot table
        dataset; data set; database; table below; following table; in the table; this table; the table; table named; table with columns; columns are; column names
        headers; rows; per quarter; year over year; month over month; time series; regression; correlation; standard deviation; confidence interval; hypothesis test
        t test; p value; anova; median; outliers; histogram; bar chart; scatter plot; box plot; line chart; plot the; visualize; visualise; data analysis; data analyst
        analyze the data; analyse the data; analyze this data; analyze the dataset; kpi; cohort analysis; retention; churn; conversion rate; revenue by; sales by; sales data; a b test
        insert into; update the; delete from; primary key; schema; aggregate; descriptive statistics; trend in; forecast the
        数据集; 数据表; 数据库; 表格; 数据分析; 分析数据; 统计分析; 回归; 相关性; 标准差; 中位数; 可视化; 柱状图; 折线图; 查询语句; 销售额; 同比; 环比; 按月; 按地区; 数据框
        データセット; データベース; データ分析; 分析して; 回帰; 相関; 標準偏差; 中央値; グラフ; 売上; 前年比; 月別; 表の; 데이터셋; 데이터베이스; 데이터 분석; 회귀; 상관; 표준편차; 중앙값; 매출; 월별; 그래프
        conjunto de datos; base de datos; tabla; análisis de datos; analiza los datos; regresión; correlación; desviación estándar; mediana; consulta sql; ventas por; gráfico
        jeu de données; base de données; tableau; analyse de données; analyse les données; régression; corrélation; écart type; médiane; requête sql; ventes par; graphique
        datensatz; datenbank; tabelle; datenanalyse; analysiere die daten; korrelation; standardabweichung; umsatz nach; umsatz pro; diagramm; abfrage
        conjunto de dados; banco de dados; tabela; análise de dados; analise os dados; regressão; correlação; desvio padrão; vendas por
        набор данных; база данных; базе данных; таблица; таблице; таблицы; анализ данных; проанализируй данные; регрессия; корреляция; медиана; выручка по; продажи по; запрос sql
        مجموعة البيانات; قاعدة البيانات; الجدول; تحليل البيانات; حلل البيانات; انحدار; ارتباط; الانحراف المعياري; المبيعات
        डेटासेट; डेटाबेस; तालिका; डेटा विश्लेषण; डेटा का विश्लेषण; सहसंबंध; मानक विचलन; माध्यिका; बिक्री
    """,
    "clear": """
        table; column; columns; row; record; records; entries; query; statistics; statistical; average; mean; percentage of; distribution; trend; trends; data; variance
        total number of; highest; lowest; most common; least; largest; smallest; maximum; minimum; number of; sum of; count of; which team; which year; what year; ranked
        season; score; points; rank; attendance; winner; finished; gold; silver; bronze; medal; nation; opponent; round; venue; population; listed; with a; when the
        数据; 统计; 平均; 最高; 最低; 总数; 排名; データ; 統計; 平均; 最大; 最小; 데이터; 통계; 평균; 최고; 최저; datos; estadísticas; promedio; données; statistiques; moyenne
        daten; statistik; durchschnitt; dados; estatísticas; média; данные; статистика; среднее; بيانات; إحصاء; متوسط; डेटा; आंकड़े; औसत
        smaller than; larger than; greater than; less than 0; listed as; name the; total amount; total number; ranking; sorted by; per year; by year; by month; per region; number of the; maximum number; average number
        counts for; grew fastest; fastest growing; significant difference; difference significant; statistically; significance; spent more than; more than the average; above average; below average; per month; per customer; by category; by country; breakdown; break down by; quartile; percentile; correlate; cluster; clustering; predict; forecast; seasonality; spikes; anomalies; anomaly; summary statistics; null values; missing values
        figures; survey results; measurements; experiment results; sample size; joined; tables; foreign key; the query; give the query; write a query; in r; ggplot; matplotlib; seaborn; numpy; excel formula; vlookup; pivot; dashboards; dashboard; bi; log data; transactions; records where; where the; which country; which player; which customer; which product; which month; which day; which city; which has the; had the most; has the most; the most; drafted
        增长最快; 显著; 每月; 各; 占比; 趋势; 异常值; 缺失值; 哪个月; 查询; 伸び; 有意; 毎月; 割合; 外れ値; 欠損; 가장 많이; 유의; 매월; 비율; 이상치; 결측; crecimiento; significativa; por mes; porcentaje; croissance; significative; par mois; pourcentage; wachstum; signifikant; pro monat; anteil; crescimento; por mês; рост; значимо; по месяцам; доля; نمو; نسبة; वृद्धि; प्रतिशत
        estimate the effect; effect of; deviate; deviates; by week; by day; rows about
    """,
    "faint": """
        total; compare; chart; report; quarter; year; region; sales; revenue; metrics; segment; analyze; analysis; who; what is the; when was; how many; date
        add; set; change; insert
    """,
    "does": """
        insert; update; record; query; join; aggregate; group; filter; plot; compute; calculate; analyze; analyse; summarize; compare; chart; forecast; correlate
        分析; 统计; 查询; 计算; 汇总; 绘制; 集計; 計算; 可視化; 분석; 집계; 계산; analiza; analice; calcula; agrupa; grafica; analyse; analysez; calcule; calculez; trace
        analysiere; berechne; gruppiere; zeichne; analise; agrupe; проанализируй; посчитай; сгруппируй; построй; حلل; احسب; ارسم; विश्लेषण; गणना
    """,
    "things": """
        table; column; columns; rows; data; dataset; csv; records; database; revenue; sales; customers by; orders by; quarter; month; region; category; metrics; dataframe
        数据; 表; 数据集; 销售额; 收入; 季度; 月份; 地区; データ; 表; 売上; 四半期; 地域; 데이터; 표; 매출; 분기; 지역; datos; tabla; ventas; ingresos; trimestre; données
        tableau; ventes; chiffre d affaires; daten; tabelle; umsatz; quartal; dados; tabela; vendas; receita; данные; данных; таблицу; выручку; продажи; البيانات; الجدول; المبيعات; डेटा; तालिका
    """,
}
