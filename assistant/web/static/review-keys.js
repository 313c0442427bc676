// The desk by keys alone. Keys never fire while somebody types, nor inside an input method.
import { at, el } from "./console-draw.js";

export const LEGEND = [
  ["J K ↑ ↓", "在队列里移动"], ["/", "在队列里找"], ["Enter", "打开这一件；刚处理完时：立即发出"], ["A", "原样批准（核对过的答复：确认）"], ["E", "修改答复，Ctrl+Enter 批准"],
  ["F", "自己写答复，可以找依据"], ["B", "追问网友"], ["X", "不作答，回一句话"], ["H", "转部门办理"], ["1 … 9", "这一件里，哪个相近提问不一起处理"],
  ["M", "并到另一件"], ["S", "拆出一件"], ["U", "加急，再按取消"], ["Z", "撤销刚才的处理（10 秒内）"], ["O", "接手同事正在处理的"], ["W", "撤回已经给出的答复"],
  ["Esc", "收起输入框，回到队列"], ["?", "打开和关闭这张表"],
];

const TYPING = "textarea, select, input:not([type=checkbox]):not([type=radio]), [contenteditable]";
const PRESSED = "button, a, summary, input";

// `run(name, event)` carries out what a key stands for; false: nothing was done.
export function listenToKeys(run) {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (event.key === "Escape" && target.id === "find") target.blur();
    if (target.closest(TYPING) || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (at("legend").open) {
      if (key === "?" || key === "？") at("legend").close();
      return;
    }
    if ((key === "Enter" || key === " ") && target.closest(PRESSED)) return;
    const moves = ["j", "k", "ArrowDown", "ArrowUp"].includes(key);
    if (event.repeat && !moves) return;
    if (run(key === "？" ? "?" : key, target) !== false) event.preventDefault();
  });
}

export function fillLegend() {
  at("legend-keys").replaceChildren(...LEGEND.map(([keys, what]) => el("div", {}, el("dt", {}, ...keys.split(" ").map((one) => (one === "…" ? one : el("kbd", { textContent: one })))), el("dd", { textContent: what }))));
  at("legend-close").addEventListener("click", () => at("legend").close());
}
