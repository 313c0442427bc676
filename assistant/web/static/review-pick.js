// Choosing one of many by typing a few words and the arrow keys: a case, a member, a source.
import { el } from "./console-draw.js";

const PAUSE = 250;

// `find(text)` gives [{id, title, more}], or a promise of it; `choose(row)` takes one.
export function picker({ label, hint, find, choose, searches = true }) {
  const box = el("input", { type: "search", autocomplete: "off", className: "pick-text", hidden: !searches });
  box.setAttribute("aria-label", label);
  box.placeholder = hint ?? "";
  const items = el("ul", { className: "picks", role: "listbox", tabIndex: searches ? -1 : 0 });
  items.setAttribute("aria-label", label);
  const root = el("div", { className: "picker" }, box, items);
  let rows = [], here = 0, timer, asked = 0;

  function draw(note) {
    const made = rows.map((row, index) => {
      const item = el("li", { role: "option" }, el("b", { textContent: row.title }), row.more ? el("p", { className: "hint clip", textContent: row.more }) : null);
      item.setAttribute("aria-selected", String(index === here));
      item.addEventListener("click", () => choose(row));
      return item;
    });
    items.replaceChildren(...(made.length ? made : [el("li", { className: "hint", textContent: note })]));
    made[here]?.scrollIntoView({ block: "nearest" });
  }

  async function search() {
    const turn = ++asked;
    try {
      const found = await find(box.value.trim());
      if (turn !== asked) return;
      [rows, here] = [found, 0];
      draw(box.value.trim() || !searches ? "没有找到" : "输入几个字来找");
    } catch (error) {
      rows = [];
      draw(error.message);
    }
  }

  root.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(search, PAUSE); });
  root.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) here = Math.min(rows.length - 1, Math.max(0, here + step));
    else if (event.key !== "Enter") return;
    event.preventDefault();
    event.stopPropagation();
    if (step) draw("");
    else if (rows[here]) choose(rows[here]);
  });
  search();
  return { root, focus: () => (searches ? box : items).focus() };
}
