"""Phrases of requests that an interface outside the model must answer: live facts, bookings, devices, accounts."""

CUES = {
    "strong": """
        call the function; function call; function calls; function calling; call the api; use the tool; use the tools; available tools; available functions
        tool call; tool calls; tools provided; functions provided;; api key; endpoint url; json arguments; arguments as json
        weather in; weather for; weather today; current weather; weather forecast; current temperature; stock price; stock prices; exchange rate
        exchange rates; convert currency; latest news; news about; news on; flight from; flights from; book a flight; book a hotel; book a table; book a ticket
        find me a; find a restaurant; nearest; near me; restaurants in; hotels in; set an alarm; set a reminder; set a timer; remind me; add to my calendar
        my calendar; schedule a meeting; send an email to; send a message to; turn on; turn off; play the song; place an order; order me; track my
        my order; search for; look up; real time; up to date;; following link; this url; this website;;
        调用函数; 调用工具; 调用接口; 可用工具; 函数调用; 天气; 汇率; 股价; 订一张; 预订; 机票; 设置闹钟; 提醒我; 最近的; 搜索; 帮我查; 查一下; 帮我找; 导航
        関数を呼; ツールを使; 利用可能なツール; 天気; 為替; 株価; 予約; アラーム; リマインド; 検索して; 調べて; 함수를 호출; 도구를 사용; 날씨; 환율; 주가; 예약; 알람; 검색해; 찾아줘
        llama a la función; usa la herramienta; herramientas disponibles; el clima; clima en; el tiempo en; tipo de cambio; reserva un; reserva una; recuérdame
        precio de las acciones; busca; búscame; vuelo de; appelle la fonction; utilise l outil; outils disponibles; météo; taux de change; réserve
        réservez; rappelle moi; vol de; cours de l action; trouve moi; rufe die funktion; verfügbare werkzeuge; wetter; wechselkurs; buche; aktienkurs; flug von
        erinnere mich; suche nach; chame a função; ferramentas disponíveis; previsão do tempo; o clima; câmbio; reserve; lembre me; voo de; procure
        вызови функцию; доступные инструменты; погода; погоду; курс валют; курс доллара; забронируй; напомни; рейс из; найди мне; цена акций
        استدع الدالة; الأدوات المتاحة; الطقس; سعر الصرف; احجز; ذكرني; رحلة من; ابحث عن; मौसम; विनिमय दर; बुक करें; याद दिलाएं; टूल का उपयोग; उड़ान
    """,
    "clear": """
        find me; get me; can you find; could you find; help me find; can you recommend; recommendations for; can you suggest; give me the; fetch; retrieve
        can you get; could you get; can you provide me; could you provide; can you help me with; can you tell me; could you tell me; i need to know
        i m looking for; i am looking for; looking for a; i want to find; i would like to know; where can i; reservation; ticket; tickets; booking;; this weekend;; upcoming; price of; prices; deals; discount; coupon
        job openings;;; playlist; podcast;;; calories; nutrition;;
        itinerary; hotel; hotels; restaurant; restaurants;; crypto; cryptocurrency; bitcoin; stocks;
        translate this; summarize this;;; user id;;; with id;
        calculate the; compute the; details of; details for; information about; information on; information regarding; list of all
        推荐; 附近; 今天; 明天; 价格; 酒店; 餐厅; 电影; 票; 订单; おすすめ; 近く; 今日の; 明日; 価格; ホテル; レストラン; 추천; 근처; 오늘; 내일; 가격; 호텔; 식당
        recomienda; cerca de mí; hoy; mañana; precio; recommande; près de moi; aujourd hui; demain; prix; empfehlen; in der nähe; heute; morgen; preis
        recomende; perto de mim; hoje; amanhã; preço; порекомендуй; рядом; сегодня; завтра; цена; هل يمكنك; اليوم; غدا; سعر; आज; कल; कीमत
        plugin; plugins; http; https; latest; this link; download
        i m interested in finding; assist me in finding; help me calculate; with id; newest; up to date information; is there any way to get
        turn off the; turn on the; turn the; switch off; thermostat; lights; volume to; set the volume; play; track parcel; parcel; tracking number; email the; text my; call my; trains; train from; bus from; departs; leave for; what time does; opening hours; is open; time in; time zone in; distance from; distance between; directions to; how do i get from; traffic
        order a; order some; buy me; add to my; remove from my; cancel my; check my; update my; transfer; send it to; post it to; pay my; my balance; my account balance; my schedule; my reservation; subscription; check the status; status of my; who won; latest score; market price; market cap; shares of; live score; air quality; sunrise
        来一首; 播放; 音量; 打开灯; 关灯; 快递; 几点; 几号; 订; 地铁; 火车; 高铁; 路线; 发邮件; 发送; 転送; 再生; 音量; 電車; 乗換; 送って; 재생; 음량; 기차; 보내줘; 켜줘; 꺼줘; reproduce la; enciende; apaga; envía; trenes; tren de; allume; éteins; envoie; train de; mets; schalte; spiele; züge; zug nach; sende; ligue; desligue; toque; envie; trem; включи; выключи; поезд; отправь; شغل; أرسل; القطار; बजाओ; भेजो; ट्रेन
    """,
    "faint": """
        find; get; show me; tell me; help me; can you; could you; please; i need; i want; i d like; looking; assist; provide; recommend; suggest; search; my
        today; tomorrow; tonight; job; jobs; movie; movies; song; songs; recipe; recipes; shopping; product; products; gift; travel; trip; event; events; app; account; location; city; address; using the; convert; pdf; website; current; currently; available; budget; id; in celsius; in fahrenheit; concert; invest; investment; this week; next week
        monday; tuesday; wednesday; thursday; friday; saturday; sunday; january; february; march; april; may 0; june; july; august; september; october; november; december; am; pm; usd; eur; dollars; yen; email; message; contact
    """,
    "does": """
        find; get; search; retrieve; fetch; check; book; order; play; schedule; calculate; convert; look; recommend; suggest; show; provide; give; reserve; buy; add; set; send; track; compute; determine; list; request; access; analyze; 查; 找; 订; 搜; 推荐; 調べ; 探し; 予約; 찾아; 검색; 예약; busca; encuentra; reserva; trouve; cherche; réserve; finde; suche; buche; procure; encontre; найди; закажи; ابحث; احجز; खोजें
    """,
    "things": """
        hotel; hotels; flight; flights; weather; temperature; price; prices; stock; stocks; watchlist; ticket; tickets; news; movie; movies; restaurant; restaurants; event; events; distance; route; message; contact; invoice; playlist; song; songs; alarm; timer; reminder; appointment; job; jobs; product; products; recipe; recipes; articles; papers; patent; lawsuit; case; court; score; scores; population; area of; exchange; currency; calories; apartment; house; car; rental; doctor; salon; gift; deals; coupon; coupons; website; keywords; seo; crypto; balance; details; information; location; options; 航班; 酒店; 天气; 票; 价格; 餐厅; 天気; ホテル; 価格; 날씨; 호텔; 항공편; vuelo; hotel; precio; vol; hôtel; flug; hotel; voo; рейс; отель; билет; رحلة; فندق; उड़ान; होटल
    """,
}
