"""Objects between the value and its use."""

from stillwatch.codescan.measure.shapes import Shape

SHAPES = (
    Shape(
        "property",
        "$result = $C($kept, $dropped).$p\n",
        "class $C:\n    def __init__(self, $a, $b):\n        self._$p = $a\n        self._other = $b\n\n    @property\n    def $p(self):\n"
        "        return self._$p\n",
    ),
    Shape(
        "overridden method",
        "$result = $D().$m($kept, $dropped)\n",
        "class $C:\n    def $m(self, $a, $b):\n        return $b\n\n\nclass $D($C):\n    def $m(self, $a, $b):\n        return $a\n",
    ),
    Shape(
        "method above",
        "$result = $D().$m($dropped, $kept)\n",
        "class $C:\n    def $m(self, $a, $b):\n        return $b\n\n\nclass $D($C):\n    def $m(self, $a, $b):\n        return super().$m($a, $b)\n",
    ),
    Shape(
        "static method",
        "$result = $C.$m($kept, $dropped)\n",
        "class $C:\n    @staticmethod\n    def $m($a, $b):\n        return $a\n",
    ),
    Shape(
        "class method",
        "$result = $C.$m($kept, $dropped).chosen\n",
        "class $C:\n    def __init__(self, chosen):\n        self.chosen = chosen\n\n    @classmethod\n    def $m(cls, $a, $b):\n        return cls($a)\n",
    ),
    Shape(
        "called object",
        "$result = $C($kept)($dropped)\n",
        "class $C:\n    def __init__(self, $a):\n        self.$p = $a\n\n    def __call__(self, $b):\n        return self.$p\n",
    ),
    Shape(
        "item access",
        "$a = $C($dropped, $kept)\n$result = $a['second']\n",
        "class $C:\n    def __init__(self, $b, $c):\n        self.$p = {'first': $b, 'second': $c}\n\n    def __getitem__(self, key):\n"
        "        return self.$p[key]\n",
    ),
    Shape(
        "setter and getter",
        "$a = $C()\n$a.put($dropped)\n$a.put($kept)\n$result = $a.get()\n",
        "class $C:\n    def __init__(self):\n        self.$p = ''\n\n    def put(self, $b):\n        self.$p = $b\n\n    def get(self):\n"
        "        return self.$p\n",
    ),
    Shape(
        "subclass by name",
        "$result = $C.kinds['$D']().$m($dropped, $kept)\n",
        "class $C:\n    kinds = {}\n\n    def __init_subclass__(cls):\n        $C.kinds[cls.__name__] = cls\n\n\n"
        "class $D($C):\n    def $m(self, $a, $b):\n        return $b\n\n\nclass $E($C):\n    def $m(self, $a, $b):\n        return $a\n",
    ),
    Shape(
        "builder",
        "$result = $C().$m($dropped).$n($kept).$p\n",
        "class $C:\n    $p = ''\n\n    def $m(self, $a):\n        self.$q = $a\n        return self\n\n    def $n(self, $a):\n        self.$p = $a\n"
        "        return self\n",
    ),
    Shape(
        "attribute of the class",
        "$a = $C()\n$C.$p = $dropped\n$a.$p = $kept\n$result = $a.$p\n",
        "class $C:\n    $p = ''\n",
    ),
    Shape(
        "mixin",
        "$result = $E().$m($kept, $dropped)\n",
        "class $C:\n    def $m(self, $a, $b):\n        return $a\n\n\nclass $D:\n    def $m(self, $a, $b):\n        return $b\n\n\nclass $E($C, $D):\n    pass\n",
    ),
    Shape(
        "iterator",
        "$result = list($C($dropped, $kept))[1]\n",
        "class $C:\n    def __init__(self, *$a):\n        self.$p = $a\n\n    def __iter__(self):\n        return iter(self.$p)\n",
    ),
    Shape(
        "entered",
        "with $C($kept, $dropped) as $a:\n    $result = $a\n",
        "class $C:\n    def __init__(self, $b, $c):\n        self.$p, self.$q = $b, $c\n\n    def __enter__(self):\n        return self.$p\n\n"
        "    def __exit__(self, *$d):\n        return None\n",
    ),
    Shape(
        "descriptor",
        "$a = $D()\n$a.$p = $kept\n$b = $D()\n$b.$p = $dropped\n$result = $a.$p\n",
        "class $C:\n    def __set_name__(self, owner, name):\n        self.$q = '_' + name\n\n    def __get__(self, instance, owner):\n"
        "        return getattr(instance, self.$q)\n\n    def __set__(self, instance, $c):\n        setattr(instance, self.$q, $c)\n\n\n"
        "class $D:\n    $p = $C()\n",
    ),
    Shape(
        "two objects",
        "$a, $b = $C($kept), $C($dropped)\n$result = $a.$p\n",
        "class $C:\n    def __init__(self, $c):\n        self.$p = $c\n",
    ),
    Shape(
        "class in another file",
        "$result = $D().$m($dropped, $kept)\n",
        "from $module import $D\n",
        "class $C:\n    def $m(self, $a, $b):\n        return self.$n($b, $a)\n\n    def $n(self, $a, $b):\n        return $b\n\n\n"
        "class $D($C):\n    def $n(self, $a, $b):\n        return $a\n",
    ),
    Shape(
        "by the name of an attribute",
        "$result = getattr($C($kept, $dropped), 'left')\n",
        "class $C:\n    def __init__(self, left, right):\n        self.left = left\n        self.right = right\n",
    ),
)
