"""A brief as its readers' programs see it: elements, text with what it stands in, and figures."""

from html.parser import HTMLParser

VOID = {"meta", "input", "br", "line", "rect"}
NAMES = {
    "time",
    "code",
    "cite",
    "abbr",
    "svg",
    "style",
    "title",
    "bdi",
}  # may hold digits that are no figures


class Outline(HTMLParser):
    """Fails on tags that do not nest."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.open = []
        self.elements = []
        self.texts = []  # text, and the elements it stands in
        self.figures = []  # attributes of `data`, and its text
        self.feed(page)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag == "data":
            self.figures.append((dict(attrs), ""))
        if tag not in VOID:
            self.open.append((tag, dict(attrs)))

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, text):
        self.texts.append((text, list(self.open)))
        if any(tag == "data" for tag, _ in self.open):
            attrs, before = self.figures[-1]
            self.figures[-1] = (attrs, before + text)

    def bare(self):
        """Texts that stand in no figure and no name."""
        return [
            text
            for text, inside in self.texts
            if not any(
                tag == "data" or tag in NAMES or attrs.get("class") in {"name", "stated"}
                for tag, attrs in inside
            )
        ]

    def all_text(self):
        return "".join(text for text, inside in self.texts if not any(tag == "style" for tag, _ in inside))
