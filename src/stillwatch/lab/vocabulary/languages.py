"""Fields of interest in other languages: things, situations and aims, each a list parted by semicolons."""

OTHER_LANGUAGES: dict[str, dict[str, tuple[str, str, str]]] = {
    "zh": {
        "编程": (
            "数据库连接;登录接口;缓存策略;单元测试;前端页面;正则表达式;消息队列;部署脚本;日志系统;并发问题",
            "服务器经常超时;数据量很大;测试环境没有问题;用户一直在投诉;版本刚刚升级",
            "提高性能;减少代码重复;尽快上线;方便维护",
        ),
        "学习": (
            "英语作文;高等数学;毕业论文;历史复习;物理实验;读书笔记;口语练习;几何证明;古诗赏析;化学方程式",
            "下周要考试;老师要求写过程;我基础不好;时间只有两个小时;答案和书上不一样",
            "打好基础;写出提纲;提高成绩;记得更牢",
        ),
        "工作": (
            "周报;客户邮件;项目计划;会议纪要;产品介绍;面试准备;年终总结;市场调研;报价单;培训材料",
            "领导今天就要;客户比较着急;预算有限;团队只有三个人;语气要正式",
            "说服客户;简洁明了;突出重点;节省时间",
        ),
        "生活": (
            "红烧肉;旅行路线;租房合同;孩子的作业;健身计划;家里的绿植;二手车;睡眠质量;生日礼物;装修方案",
            "家里有老人;周末才有空;预算不到三千;第一次尝试;天气很热",
            "省钱;健康一点;让家人开心;避免踩坑",
        ),
    },
    "ja": {
        "仕事": (
            "企画書;お客様へのメール;会議の議事録;見積書;週報;面接の準備;自己紹介;新製品の説明;契約書の確認;出張の計画",
            "締め切りが明日です;上司が厳しいです;予算が少ないです;英語が苦手です;初めて担当します",
            "丁寧に伝える;短くまとめる;相手に納得してもらう;時間を節約する",
        ),
        "技術": (
            "データベースの設計;ログイン画面;テストコード;非同期処理;サーバーの監視;正規表現;ビルドの設定;型エラー;APIの仕様;キャッシュ",
            "本番だけで失敗します;処理が遅いです;ライブラリを更新しました;古い環境です;原因が不明です",
            "速くする;読みやすくする;安全に移行する;テストを増やす",
        ),
        "暮らし": (
            "カレーの作り方;京都旅行;子どもの宿題;ベランダの植物;引っ越し;睡眠の改善;節約;ランニング;贈り物;掃除の手順",
            "時間がありません;二人暮らしです;雨の日が多いです;アレルギーがあります;初心者です",
            "楽しく続ける;安く済ませる;家族を喜ばせる;失敗しない",
        ),
        "学習": (
            "数学の証明;英作文;日本史の流れ;物理の公式;読書感想文;化学の実験;卒業論文;プログラミングの課題;古文の解釈;統計の基礎",
            "試験が近いです;先生に質問できません;途中でわからなくなりました;式が合いません;授業を休みました",
            "理解する;覚える;発表する;点数を上げる",
        ),
    },
    "es": {
        "trabajo": (
            "un correo al jefe;la carta de presentación;el informe mensual;una reunión difícil;el presupuesto;la factura;un contrato;la agenda;el turno de noche;una queja",
            "el plazo es mañana;el cliente no responde;no tenemos dinero;el tono es muy seco;somos tres personas",
            "convencer al cliente;ahorrar tiempo;sonar amable;cerrar el tema",
        ),
        "programación": (
            "la consulta SQL;el formulario;una función recursiva;el servidor;las pruebas;el despliegue;la caché;un bucle;la interfaz;los permisos",
            "falla en producción;tarda demasiado;la versión cambió;da un error raro;la tabla es enorme",
            "hacerlo más rápido;entender el fallo;simplificar el código;documentarlo",
        ),
        "vida diaria": (
            "una paella;el viaje a Oaxaca;el alquiler;los deberes de mi hija;una rutina de ejercicios;el huerto;la boda;un regalo;el coche usado;la mudanza",
            "hay poco tiempo;somos ocho;llueve toda la semana;no tengo horno;es la primera vez",
            "gastar menos;sorprender a la familia;hacerlo en un día;no equivocarme",
        ),
    },
    "de": {
        "arbeit": (
            "dem Angebot;der Kündigung;dem Wochenbericht;der Besprechung;dem Lebenslauf;der Reklamation;dem Dienstplan;der Rechnung;dem Protokoll;der Präsentation",
            "die Frist endet morgen;der Kunde antwortet nicht;das Budget ist knapp;der Ton zu steif ist;alle im Urlaub sind",
            "Zeit zu sparen;höflich zu bleiben;den Chef zu überzeugen;es kurz zu halten",
        ),
        "technik": (
            "dem Server;der Datenbank;dem Skript;der Anmeldung;dem Test;der Schnittstelle;dem Update;der Sicherung;dem Netzwerk;der Fehlermeldung",
            "es nur nachts auftritt;die Version alt ist;der Speicher voll ist;niemand die Doku kennt;es langsam läuft",
            "den Fehler zu finden;es schneller zu machen;es zu automatisieren;sicher umzuziehen",
        ),
        "alltag": (
            "dem Mietvertrag;der Steuererklärung;dem Sauerteig;der Wärmepumpe;dem Umzug;der Wanderung;dem Kindergeburtstag;der Hecke;dem Fahrrad;der Reise",
            "es regnet;das Geld knapp ist;die Kinder dabei sind;der Vermieter schweigt;es das erste Mal ist",
            "Geld zu sparen;Streit zu vermeiden;es selbst zu machen;gut zu planen",
        ),
    },
    "fr": {
        "travail": (
            "le compte rendu;un courriel délicat;la lettre de motivation;le devis;le planning;une réclamation;l'entretien;le bilan;la formation;le contrat",
            "le délai est court;le client est pressé;le budget baisse;le ton est sec;personne ne répond",
            "gagner du temps;rester poli;convaincre la direction;faire simple",
        ),
        "études": (
            "la dissertation;un exercice de maths;l'exposé;la révolution industrielle;le commentaire de texte;une équation;le mémoire;la grammaire;les probabilités;la photosynthèse",
            "l'examen est lundi;je n'ai pas compris;le professeur est strict;il manque des données;j'ai raté le cours",
            "réviser;faire un plan;comprendre l'idée;progresser",
        ),
        "maison": (
            "la tarte aux pommes;le potager;la fuite d'eau;le déménagement;les vacances en Bretagne;le vélo;le bail;l'anniversaire;la peinture;le chat",
            "il pleut;nous sommes dix;le four est cassé;c'est la première fois;le budget est serré",
            "dépenser moins;faire plaisir;réussir;aller vite",
        ),
    },
    "pt": {
        "trabalho": (
            "o relatório;um e-mail difícil;a proposta;o currículo;a reunião;o orçamento;a nota fiscal;o cronograma;uma reclamação;o treinamento",
            "o prazo é hoje;o cliente sumiu;a equipe é pequena;o tom está seco;faltam dados",
            "economizar tempo;convencer o chefe;ser educado;resumir bem",
        ),
        "tecnologia": (
            "o banco de dados;a tela de login;o script;o servidor;os testes;a planilha;a integração;o aplicativo;a consulta;o backup",
            "falha à noite;está lento;a versão mudou;o erro é estranho;a tabela cresceu",
            "achar o erro;deixar mais rápido;automatizar;documentar",
        ),
        "casa": (
            "a feijoada;a viagem para Salvador;o aluguel;a lição do meu filho;a horta;o treino;a festa;o carro usado;a mudança;o presente",
            "temos pouco tempo;chove muito;somos doze;é a primeira vez;o dinheiro é curto",
            "gastar menos;agradar a família;fazer em um dia;não errar",
        ),
    },
}
