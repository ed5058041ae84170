"""Word lists of the grammars' slots."""

WORDS: dict[str, list[str]] = {
    name: words.split(",")
    for name, words in {
        "city": "Lisbon,Osaka,Denver,Leeds,Hamburg,Pune,Austin,Porto,Busan,Recife,Lyon,Toronto,Cebu,Malmo,Turin,Adelaide,Chicago,Kyoto,Ghent,Valencia,Nairobi,Surabaya,Hanoi,Taipei,Gdansk,Bristol,Oakland,Calgary,Puebla,Izmir",
        "name": "Maria,Tom,Aisha,Kenji,Lena,Ravi,Chloe,Diego,Sofia,Omar,Hannah,Minh,Eva,Jonas,Priya,Lucas,Yuki,Sara,Peter,Ines,Noah,Fatima,Oskar,Grace,Pavel,Nina,Carlos,Amy,Jin,Elif",
        "food": "lasagne,ramen,lentil soup,banana bread,paella,sourdough,chicken curry,dumplings,tacos,risotto,granola,kimchi stew,pad thai,shakshuka,apple pie,falafel,pho,gnocchi,chili,flan",
        "hobby": "running,chess,knitting,climbing,gardening,cycling,photography,guitar,bird watching,woodworking,swimming,pottery,board games,surfing,yoga,baking,fishing,astronomy,painting,home brewing",
        "job": "nurse,barista,accountant,primary teacher,plumber,product manager,warehouse lead,architect,data analyst,sales rep,paralegal,chef,electrician,HR partner,pharmacist,journalist,librarian,driver,dentist,translator",
        "lang": "Python,TypeScript,Go,Rust,Java,C#,Kotlin,PHP,Ruby,Swift,C++,SQL,Bash,Elixir,Scala,Lua,R,Dart",
        "fw": "Django,React,Spring Boot,FastAPI,Rails,Next.js,Laravel,Flutter,Vue,Express,pandas,PyTorch,Terraform,Kubernetes,Postgres,Redis,Kafka,Svelte,Unity,Airflow",
        "topic": "the French Revolution,photosynthesis,compound interest,the water cycle,Kant's ethics,plate tectonics,supply and demand,Newton's laws,the Ottoman Empire,cell division,Bayes' theorem,the Cold War,antibiotic resistance,black holes,the Silk Road,index funds,neural networks,the Magna Carta,inflation,impressionism,electromagnetic induction,the Roman senate,mitochondria,game theory,solar panels,GDPR,sleep hygiene,stoicism,coral bleaching,blockchain",
        "thing": "invoice,purchase order,shipping label,warranty claim,lease agreement,job advert,support ticket,product review,meeting transcript,insurance form,lab report,bank statement,police report,menu,CV,recipe,news article,tender,patient leaflet,course outline",
        "product": "water bottle,standing desk,phone case,desk lamp,hiking boot,espresso machine,dog harness,yoga mat,backpack,electric toothbrush,air fryer,sun cream,e-bike,tent,office chair,headset,wool sweater,baby monitor,notebook,drill",
        "mood": "cheerful,formal,dry,warm,apologetic,confident,playful,neutral,persuasive,concise",
        "mod": "auth,billing,scheduler,parser,cache,ingest,router,export,search,users,payments,webhook,session,report,queue,metrics,storage,importer,mailer,gateway",
        "verb": "load,fetch,update,merge,validate,render,compute,flush,retry,normalize,encode,resolve,apply,sync,dispatch,collect",
        "noun": "order,record,token,batch,event,profile,ticket,node,payload,row,frame,message,job,chunk,customer,invoice,segment,index,channel,asset",
        "err": "KeyError,TypeError,ValueError,NullPointerException,IndexError,ConnectionResetError,TimeoutError,AssertionError,UnicodeDecodeError,PermissionError",
        "company": "Brightwell,Norfolk Freight,Lumen Dental,Casa Verde,Hexagon Tools,Pelican Bank,OakRidge,Tidal Foods,Kestrel Air,Mosaic Health,Juniper Homes,Solstice,Quarry Labs,Fjord Energy,Papaya HR,Corvus,Ember Studio,Wicker & Co,Atlas Motors,Silverlake",
        "plang": "German,Spanish,Japanese,Korean,French,Italian,Polish,Turkish,Vietnamese,Portuguese,Dutch,Arabic",
        "field": "medicine,law,retail,logistics,education,banking,travel,energy,agriculture,gaming,public administration,real estate",
    }.items()
}
