"""Phrases of goals to be reached through a graphical interface: a browser, a desktop, a phone."""

CUES = {
    "strong": """
        click; click on; double click; right click; scroll; scroll down; drag; screenshot;; cursor; dropdown; checkbox; drop down menu; address bar
        new tab; browser tab;; firefox; browser; bookmark; homepage; web page; webpage; on the website; on the page; this page; log in to; log in with; please log in; log into; sign in
        my account page; add to cart; shopping cart; my cart; wish list; most recent order; recent order; order history; my orders;
        subreddit; upvote; post in; my profile; my profile page; merge request; merge requests; star the;; gitlab; assignee;
 wallpaper; taskbar;; windows settings; system settings; app settings; settings page; toolbar; sidebar; dark mode; notification settings
        libreoffice;;;;; word document; google docs; google sheets; google maps; vs code; vscode; gimp; thunderbird; vlc
        photoshop; install the extension; default search engine; fill in the form; fill out the form; submit the form; web form; gui; ui element; coordinates of; open the app; open app
        点击; 双击; 截图; 鼠标; 键盘; 浏览器; 网页; 标签页; 书签; 桌面; 壁纸; 按钮; 菜单; 下拉; 页面; 窗口; 屏幕; 购物车; 登录; 表单; 滚动; 打开应用
        クリック; スクリーンショット; ブラウザ; タブ; ブックマーク; デスクトップ; 壁紙; ボタン; メニュー; 画面; ページ; カート; ログイン; フォーム; スクロール; 設定を開
        클릭; 스크린샷; 브라우저; 탭; 북마크; 바탕화면; 배경화면; 버튼; 메뉴; 화면; 페이지; 장바구니; 로그인; 스크롤; 설정을 열
        haz clic; clic en; captura de pantalla; navegador; pestaña; marcador; escritorio; fondo de pantalla; botón; menú; pantalla; página; carrito; inicia sesión; formulario; ventana
        clique sur; cliquez sur; cliquez; capture d écran; navigateur; onglet; marque page; bureau; fond d écran; bouton; écran; page web; panier; connecte toi; connectez vous; formulaire; fenêtre
        klicke; klicken; bildschirmfoto; browser; registerkarte; lesezeichen; hintergrundbild; schaltfläche; menü; bildschirm; webseite; warenkorb; melde dich; formular; fenster
        clique em; clique no; captura de tela; navegador; aba; favorito; área de trabalho; papel de parede; botão; tela; página; carrinho; faça login; formulário; janela
        нажми; нажмите; кликни; скриншот; браузер; браузере; вкладка; вкладку; закладки; рабочий стол; рабочем столе; обои; кнопку; меню; экран; страницу; корзину; войди; окно
        انقر; اضغط على; لقطة شاشة; المتصفح; علامة تبويب; سطح المكتب; الزر; زر; القائمة; الشاشة; الصفحة; سلة التسوق; سجل الدخول
        क्लिक; स्क्रीनशॉट; ब्राउज़र; टैब; डेस्कटॉप; वॉलपेपर; बटन; मेन्यू; स्क्रीन; पेज; कार्ट; लॉग इन
        in this tab; this slide; my browser; the sheet; this document; this spreadsheet; my desktop; my repo; my repository; my repositories; my repos; the issue; the post; bio; my shipping address; new sheet; sheet named; first slide; each slide; on the current website; time zone to; set the default; as the default; page orders; total spend; the search bar; search bar; settings of; in gimp; in chrome; in vs code; in the menu
    """,
    "clear": """
        open; go to; navigate to; page; website; site; tab; settings; forum; commits; commit; order; orders;;; my most recent; shopping; address; profile
        document; sheet;; font; background; shortcut; icon; page number;; save it as; export; pdf; folder; inbox; calendar; route;;
 reviews; subtotal; refund; cancelled; pending; total spend; i ordered; i bought; list out; show me the; tell me the; stars;;; computer; my computer;; invite; members; labels
        打开; 设置; 网站; 文档; 幻灯片; 订单; 開; 設定; サイト; 文書; スライド; 注文; 열; 설정; 사이트; 문서; 슬라이드; 주문; abre; abrir; configuración; sitio web; diapositiva; pedido; ouvre; ouvrez; paramètres
        site web; diapositive; commande; öffne; öffnen; einstellungen; website; folie; bestellung; abra; configurações; site; slide; pedido; открой; откройте; настройки; настройках; сайт; сайте; слайд; заказ
        افتح; الإعدادات; الموقع; खोलें; सेटिंग; वेबसाइट
        screen; repo; repositories; fork; extension; presentation; excel; cell; cells; worksheet; form; chrome; tabs; reviews of; customer reviews; button; menu; window; keyboard; mouse; desktop; bookmarks; issues; wishlist; powerpoint; spreadsheet; slide; slides; safari; todos; checkout
        photo editor; text editor; file manager; task manager; file explorer; export it as; export as; save as; background of the picture; header row; second column and; bold; font size; text box; page break; line spacing; footer; table of contents; conditional formatting; freeze the; merge the cells; sort the spreadsheet; on the screen; on screen; that is open; currently open; the open; inbox; newsletter; mute; unmute; volume slider; full screen; zoom in; zoom out; sign up for; my profile status; my status; log out; password field; username field; search box; from the list on; filter by; sort by price; next page; previous page; scroll to; hover; press enter; press the; key combination; keyboard shortcut; hotkey; wifi; bluetooth; do not disturb; airplane mode; home screen; app store; install app; trash; recycle bin; pin; pop up; popup; cookies; browsing history; incognito; clear the history; download folder; downloads folder; accessibility tree; element id; dom; html element; ui
        加粗; 字体; 另存为; 导出为; 搜索框; 全屏; 壁纸设置; 历史记录; 回收站; 太字; フォント; 名前を付けて保存; 検索ボックス; 全画面; 履歴; ゴミ箱; 굵게; 글꼴; 다른 이름으로; 검색창; 전체 화면; 기록; 휴지통; negrita; guarda como; barra de búsqueda; historial; papelera; gras; enregistre sous; barre de recherche; historique; corbeille; fett; speichern unter; suchleiste; verlauf; papierkorb; negrito; salve como; barra de pesquisa; histórico; жирным; сохрани как; строку поиска; историю; корзина; خط عريض; احفظ باسم; شريط البحث; इतिहास; खोज बार
    """,
    "faint": """
        change; set; update; add; remove; create; show; find; help me; please; make; current; my; save; name; new; top; buy; delete; number
        image; video; file; email; color; review; star; comment; reply; customer; customers; product; products; post; title; paragraph; app; project; latest; walking; driving; car; map; follow; issue
    """,
    "does": """
        open; click; change; set; add;; delete; remove; switch; enable; disable; navigate;; fill; drag; install; export; save; close;; fork; submit; cancel; bookmark;
        打开; 点击; 更改; 设置; 添加; 删除; 关闭; 开启; 选择; 输入; 開; クリック; 変更; 追加; 削除; 選択; 入力; 열; 클릭; 변경; 추가; 삭제; 선택; 입력; abre; haz; cambia; añade; elimina; selecciona
        ouvre; clique; change; ajoute; supprime; sélectionne; öffne; klicke; ändere; füge; lösche; wähle; abra; clique; mude; adicione; remova; selecione; открой; нажми; измени; добавь; удали; выбери
        افتح; انقر; غير; أضف; احذف; اختر; खोलें; क्लिक; बदलें; जोड़ें; हटाएं; चुनें
        update; reduce; increase; rename; approve; assign; mark; upvote; unsubscribe; rotate; resize; crop; copy; paste; launch; modify; star
    """,
    "things": """
        page; tab; tabs; browser; window; settings; cart; menu; app; website; site; profile; order; slide; slides; cell; cells; sheet;; desktop; button; form;; repo; repository;; extension; bookmark;
        页面; 标签; 浏览器; 窗口; 设置; 购物车; 菜单; 应用; 网站; 订单; 幻灯片; 单元格; 按钮; ページ; タブ; 設定; カート; アプリ; サイト; 注文; スライド; セル; 페이지; 탭; 설정; 장바구니; 앱; 주문; 슬라이드; 셀
        página; pestaña; navegador; ventana; configuración; carrito; menú; aplicación; onglet; navigateur; fenêtre; paramètres; panier; seite; fenster; einstellungen; warenkorb; aba; janela; configurações; carrinho
        страницу; вкладку; браузер; окно; настройки; корзину; приложение; الصفحة; المتصفح; الإعدادات; التطبيق; पेज; ब्राउज़र; सेटिंग; ऐप
        shipping address; my account; wishlist; sheet; column width; time zone; price of; size; status; title of the; member; members; milestone
    """,
}
