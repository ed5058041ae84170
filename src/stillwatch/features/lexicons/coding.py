"""Phrases of writing, repairing and explaining programs."""

CUES = {
    "strong": """
        write a function; write a python; write a program; write a script; write code; python function; python script; python code
        java class; java program; javascript function; javascript code; python program; python class; unit test; unit tests; source code
        code snippet; code review; refactor; stack trace; traceback; time complexity; regex; regular expression; leetcode; linked list
        binary tree; binary search; public static void; import numpy; console log; pull request; merge conflict; failing test
        failing tests; compile error; segmentation fault; null pointer; off by one; race condition; codebase; code base; repository s
        写一个函数; 写代码; 编写代码; 编写一个函数; 编写一个程序; 编写函数; 代码; 编程; 重构; 单元测试; 正则表达式; 报错; 修复这个 bug
        程式碼; 関数を書; 関数を実装; コードを書; プログラムを書; コード; ソースコード; リファクタ; 単体テスト; 正規表現; 함수를 작성; 코드를 작성
        함수를 구현; 코드; 프로그램을 작성; 리팩터; 단위 테스트; 정규식
        escribe una función; escribe un programa; escribe código; código; función en python; función que; prueba unitaria; pruebas unitarias
        écris une fonction; écrivez une fonction; écris un programme; code source; fonction python; fonction qui; tests unitaires
        schreibe eine funktion; schreibe ein programm; quellcode; funktion die; funktion in; unit tests; refaktoriere
        escreva uma função; escreva um programa; função em python; função que; testes unitários; escreva um código
        напиши функцию; напишите функцию; напиши программу; напишите программу; напиши код; код на; функцию на; юнит тесты; рефакторинг
        اكتب دالة; اكتب برنامج; اكتب برنامجا; اكتب كود; كود; دالة; برمجة; फ़ंक्शन लिखें; फंक्शन लिखें; फ़ंक्शन लिखो; प्रोग्राम लिखें; कोड लिखें; कोड
        shell script; bash script; script that; script to; c function; java function; python script that; javascript program; program in; function in python; using python; in python; in javascript; in java; using javascript
        python; java; javascript; typescript; golang; rust; kotlin; php; html; css; react; node js; vue; angular; django; flask; compiler
    """,
    "clear": """
        ;;; ruby on rails;;;;
 algorithm; recursive; recursion; class called; function that; function to; program that; program to; class that; class to
        class representing; debug; debugging; sorted array; string as input; data structure; programming; programmer; codebase; api endpoint
        rest api; dockerfile; git; github actions; async; function called; function named; method that; method to; syntax; code; coding
        software engineer; senior engineer; implement a; implement the; boolean; palindrome; fibonacci; array of; a list of integers; c program
        算法; 函数; 程序; 编译; 数组; 链表; アルゴリズム; 関数; プログラム; 配列; 알고리즘; 함수; 프로그램; 배열; algoritmo; algorithme
        algorithmus; алгоритм; функция; функцию; массив; خوارزمية; एल्गोरिदम; फ़ंक्शन; फंक्शन; programa que; programme qui; programm das
        usestate; useeffect; re render; component; for loop; while loop; list comprehension; exception; null pointer exception; nullpointerexception; typeerror; valueerror; keyerror; undefined; segfault; stack overflow; a patch; produce a patch; failing; the tests pass; tests pass; c code; cpp; in c; linked; pointer; pointers; struct; enum; lambda; generic; generics; thread; threads; mutex
        fix this; what s wrong with this; does not compile; doesn t compile; won t compile; merge request review; endpoint; microservice; graphql; swift; scala; haskell; perl; matlab; verilog; assembly; bash; kubernetes manifest; makefile; npm; pip install; import error; function signature; docstring; type hints; unit tested; production code; backend; frontend
        抛出; 异常; 空指针; 这段代码; 报错信息; 组件; 前端; 后端; 例外; バグ; エラーが; このコード; コンポーネント; 예외; 버그; 오류가; 이 코드; 컴포넌트; excepción; este código; error al compilar; ce code; exception; erreur de compilation; dieser code; fehler beim; este erro; ошибка в коде; этот код; исключение; هذا الكود; خطأ في; यह कोड; त्रुटि
    """,
    "faint": """
        function; class; array; string; strings; loop; variable; variables; integers; method; input; output; return; returns; object; library
        json; script; server; sort; elements; implement; parameter
    """,
    "does": """
        write; implement; create; generate; fix; refactor; debug; optimize; build; develop; complete; modify; port; design; construct; rewrite
        写; 编写; 实现; 修复; 生成; 优化; 書; 実装; 作成; 修正; 작성; 구현; 수정; 만들; escribe; escriba; implementa; crea; corrige; écris; écrivez
        implémente; implémentez; crée; créez; corrige; corrigez; schreibe; schreiben; implementiere; erstelle; behebe; escreva; implemente; crie
        corrija; напиши; напишите; реализуй; реализуйте; исправь; создай; اكتب; نفذ; أنشئ; أصلح; लिखें; लिखो; बनाएं; ठीक
    """,
    "things": """
        function; class; program; script; code; method; algorithm; module; component; parser; decorator; bug; app; application; website; web page
        endpoint; compiler; snippet; query function; game in; library; interface; loop; unit test; unit tests; tests; plugin; server; calculator
        函数; 程序; 代码; 脚本; 类; 算法; 模块; 接口; 関数; プログラム; コード; スクリプト; クラス; 함수; 프로그램; 코드; 스크립트; 클래스
        función; programa; código; fonction; programme; funktion; programm; skript; função; функцию; программу; код; скрипт; класс
        دالة; برنامج; برنامجا; كود; फ़ंक्शन; फंक्शन; प्रोग्राम; कोड
    """,
}
