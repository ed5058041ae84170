"use strict";
/* Sorts, filters and pages the accounts tables, and opens or closes evidence trees. Every text of the log is
   set as textContent, so that it stays text. */
(() => {
  const PAGE = 50;
  const tables = JSON.parse(document.getElementById("rows").textContent);

  const make = (tag, text, attributes = {}) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const button = (text, action, attributes = {}) => {
    const element = make("button", text, { type: "button", ...attributes });
    element.addEventListener("click", action);
    return element;
  };

  const percent = (share) => {
    if (share <= 0 || share >= 1) return `${Math.round(share * 100)}%`;
    if (share < 0.001) return "under 0.1%";
    if (share > 0.999) return "over 99.9%";
    const digits = share < 0.1 || share > 0.99 ? 1 : 0;
    return (share * 100).toFixed(digits).replace(/\.0$/, "") + "%";
  };
  const time = (micros) => new Date(micros / 1000).toISOString().slice(0, 16).replace("T", " ");
  const show = {
    text: (value) => value,
    share: percent,
    time: time,
    count: (value) => value.toLocaleString("en-US"),
  };
  const quoted = (value) => {
    const text = String(value ?? "");
    const safe = /^[=+\-@\t\r]/.test(text) ? "'" + text : text;
    return `"${safe.replaceAll('"', '""')}"`;
  };

  class Accounts {
    constructor(place) {
      this.all = tables[Number(place.dataset.campaign)];
      this.table = place.querySelector("table");
      this.heads = [...this.table.querySelectorAll("thead th")];
      this.kinds = this.heads.map((head) => head.dataset.kind);
      this.names = this.heads.map((head) => head.textContent);
      this.sorted = { column: this.kinds.indexOf("count"), down: true };
      this.page = 0;
      this.rows = this.all;
      this.heads.forEach((head, column) => {
        head.replaceChildren(button(this.names[column], () => this.sort(column)));
        if (column) head.classList.add("number");
      });
      this.tools(place);
      this.filter("");
    }

    tools(place) {
      const search = make("input", undefined, {
        type: "search", placeholder: "Find an account", "aria-label": "Find an account",
      });
      search.addEventListener("input", () => this.filter(search.value));
      this.count = make("span", "", { class: "count", role: "status" });
      this.back = button("Previous", () => this.turn(-1));
      this.next = button("Next", () => this.turn(1));
      const save = button("Save as CSV", () => this.save());
      const bar = make("div", undefined, { class: "tools" });
      bar.append(search, this.back, this.next, save, this.count);
      place.prepend(bar);
      const many = this.all.length > PAGE;
      this.back.hidden = this.next.hidden = !many;
    }

    filter(words) {
      const wanted = words.trim().toLowerCase();
      this.rows = wanted ? this.all.filter((row) => row[0].toLowerCase().includes(wanted)) : [...this.all];
      this.order();
    }

    sort(column) {
      const same = this.sorted.column === column;
      this.sorted = { column, down: same ? !this.sorted.down : column > 0 };
      this.order();
    }

    order() {
      const { column, down } = this.sorted;
      const sign = down ? -1 : 1;
      this.rows.sort((a, b) => {
        const [x, y] = [a[column], b[column]];
        if (x === y) return a[0] < b[0] ? -1 : 1;
        if (x === null) return 1;
        if (y === null) return -1;
        return x < y ? -sign : sign;
      });
      this.heads.forEach((head, at) =>
        head.setAttribute("aria-sort", at !== column ? "none" : down ? "descending" : "ascending"));
      this.page = 0;
      this.draw();
    }

    turn(by) {
      this.page += by;
      this.draw();
    }

    draw() {
      const from = this.page * PAGE;
      const shown = this.rows.slice(from, from + PAGE);
      this.table.tBodies[0].replaceChildren(...shown.map((row) => this.row(row)));
      this.back.disabled = this.page === 0;
      this.next.disabled = from + PAGE >= this.rows.length;
      this.count.textContent = this.rows.length
        ? `${(from + 1).toLocaleString("en-US")} to ${(from + shown.length).toLocaleString("en-US")} of ` +
          `${this.rows.length.toLocaleString("en-US")} accounts`
        : "No account matches";
    }

    row(row) {
      const line = make("tr");
      row.forEach((value, column) => {
        const text = value === null ? "" : show[this.kinds[column]](value);
        if (column) line.append(make("td", text, { class: "number" }));
        else {
          const head = make("th", undefined, { scope: "row" });
          head.append(make("bdi", text));
          line.append(head);
        }
      });
      return line;
    }

    save() {
      const cell = (value, column) =>
        this.kinds[column] === "time" && value !== null ? new Date(value / 1000).toISOString() : value;
      const lines = [this.names, ...this.rows.map((row) => row.map(cell))];
      const text = lines.map((line) => line.map(quoted).join(",")).join("\r\n") + "\r\n";
      const address = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
      make("a", undefined, { href: address, download: "accounts.csv" }).click();
      setTimeout(() => URL.revokeObjectURL(address), 1000);
    }
  }

  for (const place of document.querySelectorAll(".accounts")) new Accounts(place);

  for (const place of document.querySelectorAll("[data-tree]")) {
    const set = (open) => () => {
      for (const node of place.nextElementSibling.querySelectorAll("details")) node.open = open;
    };
    place.append(" ", button("Open all", set(true)), " ", button("Close all", set(false)));
  }

  addEventListener("beforeprint", () => {
    for (const node of document.querySelectorAll(".evidence details")) node.open = true;
  });
})();
