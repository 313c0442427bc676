// Keys of the studio's editor.
import { at, el } from "./console-draw.js";

const KEYS = [
  ["J", "下一段"], ["K", "上一段"], ["E", "改这段的第一句"], ["P", "试听这一段"], ["R", "重写这一段"], ["N", "下一个要处理的"],
  ["S", "提交审核"], ["A", "批准"], ["X", "退回修改"], ["?", "看按键"],
];

export function listen(on) {
  let chosen = 0;
  let problem = -1;
  const segments = () => [...document.querySelectorAll("#segments > li")];
  const choose = (by) => {
    const all = segments();
    chosen = Math.max(0, Math.min(all.length - 1, chosen + by));
    all.forEach((one, n) => one.classList.toggle("chosen", n === chosen));
    all[chosen]?.scrollIntoView({ block: "start" });
  };
  const press = (act) => segments()[chosen]?.querySelector(`[data-act="${act}"]`)?.click();
  const acts = {
    j: () => choose(1), k: () => choose(-1), e: () => segments()[chosen]?.querySelector("textarea")?.focus(), p: () => press("play"), r: () => press("redo"),
    n: () => { const all = on.view().problems.filter((one) => one.place); if (all.length) on.goTo(all[problem = (problem + 1) % all.length].place); },
    s: () => may("submit"), a: () => may("approve"), x: () => may("ask_changes"), "?": () => at("legend").showModal(),
  };
  const may = (step) => { const found = document.querySelector(`#steps [data-step="${step}"]`); if (found && !found.disabled) on.step(step); };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    const area = event.target.closest("textarea[data-place]");
    if (area) return inField(event, area);
    if (event.target.closest("input, textarea, select, dialog[open]") || event.ctrlKey || event.metaKey || event.altKey || !on.view()) return undefined;
    if (event.key === "Escape") return on.stop();
    const act = acts[event.key.toLowerCase()];
    if (!act) return undefined;
    event.preventDefault();
    return act();
  });

  function inField(event, area) {
    if (event.key === "Escape") {
      area.value = area.dataset.was;
      area.blur();
    }
    if (event.key !== "Enter" || !(event.ctrlKey || !area.dataset.place.match(/^(announcement|plan)/))) return;
    event.preventDefault();
    const all = [...document.querySelectorAll("textarea[data-place]")].filter((one) => one.offsetParent);
    const following = all[all.indexOf(area) + 1]?.dataset.place;
    on.save(area).then(() => { if (following) on.page.querySelector(`.text[data-place="${CSS.escape(following)}"]`)?.focus(); });
  }

  at("legend-keys").replaceChildren(...KEYS.map(([key, does]) => el("div", {}, el("dt", {}, el("kbd", { textContent: key })), el("dd", { textContent: does }))));
  at("keys").addEventListener("click", () => at("legend").showModal());
  at("legend-close").addEventListener("click", () => at("legend").close());
}
