# ruff: noqa: RUF001  (the punctuation of other languages is meant)
"""What people ask, in thirteen languages."""

from typing import NamedTuple

from stillwatch.lab.outside.grammar import alternatives
from stillwatch.lab.outside.wording import everyday


class Talk(NamedTuple):
    """One language: what is talked about, how one asks, what is added, what follows."""

    topics: list[str]
    questions: list[str]
    details: list[str]
    follow_ups: list[str]


TALK = {
    "en": Talk(everyday.TOPICS, everyday.QUESTIONS, everyday.DETAILS, everyday.FOLLOW_UPS),
    "es": Talk(
        alternatives(
            "el contrato de alquiler|un viaje a %c%|mi tesis sobre %field%|una receta con lentejas|la declaración de la renta|un correo para %name%|la reunión de %p%|ejercicios para la espalda|el cumpleaños de mi hija de %n% años|un cuento corto|la entrevista de trabajo|las notas de la clase|mi tienda %p%|una queja al banco"
        ),
        alternatives(
            "¿Me puedes ayudar con %t%?|Necesito {ideas|consejos} sobre %t%|Explícame de forma sencilla %t%|Escribe un texto breve sobre %t%|¿Qué errores son comunes con %t%?|Hazme una lista de pasos para %t%|¿Cómo empiezo con %t%?|Mejora mi borrador sobre %t%"
        ),
        alternatives(
            "Tengo unos %n% días.|Vivo en %c%.|Que sea {formal|cercano|breve}.|%name% no está de acuerdo.|Mi presupuesto es de %n2%0 euros.|Es para %p%.||"
        ),
        alternatives(
            "más corto por favor|dame otro ejemplo|¿y en una tabla?|¿por qué?|ahora para %t%|gracias, sigue"
        ),
    ),
    "pt": Talk(
        alternatives(
            "o contrato de aluguel|uma viagem para %c%|meu TCC sobre %field%|uma receita com feijão|a festa da minha filha de %n% anos|um e-mail para %name%|a loja %p%|treino em casa|o boleto atrasado|uma redação do ENEM|a entrevista de emprego|o relatório de %p%"
        ),
        alternatives(
            "Você pode me ajudar com %t%?|Preciso de {ideias|dicas} sobre %t%|Explique de um jeito simples %t%|Escreva um texto curto sobre %t%|Quais os erros comuns em %t%?|Faça um passo a passo para %t%|me ajuda com %t% pfv"
        ),
        alternatives(
            "Tenho %n% dias.|Moro em %c%.|Tom {formal|leve}.|Orçamento de %n2%0 reais.|%name% vai revisar.|É para %p%.||"
        ),
        alternatives("mais curto|outro exemplo|em tabela|por quê?|agora para %t%|continua"),
    ),
    "fr": Talk(
        alternatives(
            "mon bail|un voyage à %c%|mon mémoire sur %field%|une recette avec des pois chiches|la lettre de motivation|un mail à %name%|le projet %p%|le mal de dos|l'anniversaire de mon fils de %n% ans|une nouvelle courte|la réunion de lundi|les impôts"
        ),
        alternatives(
            "Peux-tu m'aider pour %t% ?|J'ai besoin {d'idées|de conseils} pour %t%|Explique simplement %t%|Rédige un court texte sur %t%|Quelles erreurs éviter avec %t% ?|Fais une liste d'étapes pour %t%|Corrige mes notes sur %t%"
        ),
        alternatives(
            "J'ai %n% jours.|J'habite à %c%.|Ton {formel|amical}.|Budget de %n2%0 euros.|%name% doit valider.|C'est pour %p%.||"
        ),
        alternatives("plus court|un autre exemple|en tableau|pourquoi ?|pareil pour %t%|continue"),
    ),
    "de": Talk(
        alternatives(
            "meinen Mietvertrag|eine Reise nach %c%|meine Arbeit über %field%|ein Rezept mit Linsen|die Steuererklärung|eine Mail an %name%|das Projekt %p%|Rückenschmerzen|den Geburtstag meiner %n%-jährigen Tochter|eine Kurzgeschichte|das Bewerbungsgespräch|den Wasserschaden"
        ),
        alternatives(
            "Kannst du mir helfen? Es geht um %t%|Ich brauche {Ideen|Rat} zu %t%|Erkläre mir einfach: %t%|Schreib einen kurzen Text über %t%|Welche Fehler macht man oft bei %t%|Erstelle eine Checkliste für %t%|Bitte verbessere meine Notizen über %t%"
        ),
        alternatives(
            "Ich habe %n% Tage.|Ich wohne in %c%.|Bitte {förmlich|locker}.|Budget etwa %n2%0 Euro.|%name% sieht das anders.|Es ist für %p%.||"
        ),
        alternatives("kürzer bitte|noch ein Beispiel|als Tabelle|warum?|jetzt für %t%|weiter"),
    ),
    "zh": Talk(
        alternatives(
            "租房合同|去%c%旅行的计划|关于%field%的论文|孩子%n%岁的生日|写给%name%的邮件|%p%项目的周报|腰疼|一篇短篇小说|面试自我介绍|红烧排骨|小红书文案|年终总结|英语作文|买二手车"
        ),
        alternatives(
            "帮我{看看|处理一下|想想}%t%|请写一段关于%t%的文字|解释一下%t%|%t%有什么要注意的|给我列一个%t%的步骤|怎么开始%t%|润色一下我的%t%|%t%，有建议吗"
        ),
        alternatives(
            "大概有%n%天时间。|我住在%c%。|语气{正式|轻松}一点。|预算%n2%0左右。|%name%不同意。|是给%p%用的。||"
        ),
        alternatives("短一点|再举个例子|做成表格|为什么|换成%t%|继续|不太对，重写"),
    ),
    "ja": Talk(
        alternatives(
            "賃貸契約|%c%旅行の計画|%field%についてのレポート|%n%歳の息子の誕生日|%name%さんへのメール|%p%の議事録|腰痛|短い小説|面接の自己紹介|夕飯の献立|確定申告|英作文"
        ),
        alternatives(
            "%t%について教えてください|%t%を手伝って{ほしい|ください}|%t%の文章を書いて|%t%で気をつけることは？|%t%の手順をリストにして|%t%を添削してください|%t%、どう思いますか"
        ),
        alternatives(
            "時間は%n%日です。|%c%に住んでいます。|{丁寧|カジュアル}な文体で。|予算は%n2%00円。|%p%用です。||"
        ),
        alternatives("もっと短く|別の例を|表にして|なぜ？|次は%t%|続けて"),
    ),
    "ko": Talk(
        alternatives(
            "전세 계약|%c% 여행 계획|%field% 보고서|%n%살 아이 생일|%name%에게 보낼 메일|%p% 회의록|허리 통증|단편 소설|면접 자기소개|저녁 메뉴|연말정산|영어 에세이"
        ),
        alternatives(
            "%t% 좀 도와줘|%t%에 대해 {설명해|알려} 줘|%t% 짧게 써 줘|%t%에서 주의할 점은?|%t% 순서를 정리해 줘|%t% 다듬어 주세요"
        ),
        alternatives("%n%일 남았어.|%c%에 살아.|{격식 있게|편하게}.|예산은 %n2%만원.|%p%용이야.||"),
        alternatives("더 짧게|다른 예시|표로|왜?|이번엔 %t%|계속"),
    ),
    "ru": Talk(
        alternatives(
            "договор аренды|поездка в %c%|курсовая про %field%|день рождения сына, %n% лет|письмо для %name%|отчёт по %p%|боль в спине|короткий рассказ|собеседование|рецепт борща|налоги|ремонт ванной"
        ),
        alternatives(
            "Помоги с темой: %t%|Нужны {идеи|советы}: %t%|Объясни просто: %t%|Напиши короткий текст: %t%|Какие ошибки бывают: %t%|Составь план: %t%|Исправь мои заметки: %t%"
        ),
        alternatives("Есть %n% дней.|Живу в %c%.|Тон {деловой|дружеский}.|Бюджет %n2%00.|Это для %p%.||"),
        alternatives("короче|ещё пример|в таблице|почему?|теперь %t%|дальше"),
    ),
    "id": Talk(
        alternatives(
            "kontrak kos|liburan ke %c%|skripsi tentang %field%|ulang tahun anak %n% tahun|email ke %name%|laporan %p%|sakit pinggang|cerpen|wawancara kerja|resep tempe|caption jualan %p%|tugas kuliah"
        ),
        alternatives(
            "tolong bantu %t%|saya butuh {ide|saran} soal %t%|jelaskan %t% dengan sederhana|buatkan teks pendek tentang %t%|apa kesalahan umum %t%|langkah-langkah %t%"
        ),
        alternatives(
            "Waktunya %n% hari.|Saya di %c%.|Bahasa {formal|santai}.|Budget %n2% ribu.|Untuk %p%.||"
        ),
        alternatives("lebih pendek|contoh lain|pakai tabel|kenapa?|sekarang %t%|lanjut"),
    ),
    "vi": Talk(
        alternatives(
            "hợp đồng thuê nhà|chuyến đi %c%|luận văn về %field%|sinh nhật con %n% tuổi|email gửi %name%|báo cáo %p%|đau lưng|truyện ngắn|phỏng vấn xin việc|món cá kho|bài luận tiếng Anh"
        ),
        alternatives(
            "giúp mình về %t%|mình cần {ý tưởng|lời khuyên} về %t%|giải thích đơn giản %t%|viết đoạn ngắn về %t%|lỗi hay gặp với %t%|các bước cho %t%"
        ),
        alternatives("Còn %n% ngày.|Mình ở %c%.|Giọng {trang trọng|thân mật}.|Cho %p%.||"),
        alternatives("ngắn hơn|ví dụ khác|lập bảng|vì sao?|giờ làm %t%|tiếp"),
    ),
    "ar": Talk(
        alternatives(
            "عقد الإيجار|رحلة إلى %c%|بحث عن %field%|عيد ميلاد ابني %n% سنوات|رسالة إلى %name%|تقرير %p%|آلام الظهر|قصة قصيرة|مقابلة عمل|وصفة عشاء"
        ),
        alternatives(
            "ساعدني في %t%|أحتاج {أفكار|نصيحة} عن %t%|اشرح ببساطة %t%|اكتب نصا قصيرا عن %t%|ما الأخطاء الشائعة في %t%|خطوات %t%"
        ),
        alternatives("لدي %n% أيام.|أعيش في %c%.|بأسلوب {رسمي|ودي}.|من أجل %p%.||"),
        alternatives("أقصر|مثال آخر|في جدول|لماذا؟|الآن %t%|أكمل"),
    ),
    "tr": Talk(
        alternatives(
            "kira sözleşmesi|%c% gezisi|%field% ödevi|%n% yaşındaki oğlumun doğum günü|%name% için e-posta|%p% raporu|bel ağrısı|kısa hikaye|iş görüşmesi|mercimek çorbası|vergi"
        ),
        alternatives(
            "%t% konusunda yardım eder misin?|%t% için {fikir|öneri} lazım|%t% basitçe açıkla|%t% hakkında kısa metin yaz|%t% için adımları listele"
        ),
        alternatives("%n% günüm var.|%c% şehrindeyim.|{Resmi|Samimi} olsun.|%p% için.||"),
        alternatives("daha kısa|başka örnek|tablo yap|neden?|şimdi %t%|devam"),
    ),
    "it": Talk(
        alternatives(
            "il contratto d'affitto|un viaggio a %c%|la tesi su %field%|il compleanno di mio figlio di %n% anni|una mail a %name%|il progetto %p%|il mal di schiena|un racconto breve|il colloquio|il ragù|le tasse"
        ),
        alternatives(
            "Mi aiuti con %t%?|Ho bisogno di {idee|consigli} per %t%|Spiegami in modo semplice %t%|Scrivi un breve testo: %t%|Errori comuni: %t%|Fammi una lista di passi per %t%"
        ),
        alternatives("Ho %n% giorni.|Vivo a %c%.|Tono {formale|amichevole}.|È per %p%.||"),
        alternatives("più corto|un altro esempio|in tabella|perché?|ora per %t%|continua"),
    ),
}
