// The console by keys alone: one key an order; J and K walk the questions, Enter, E, R, D, W act.
import { at } from "./console-draw.js";

function move(step) {
  const cards = [...at("queue").children];
  const here = cards.indexOf(document.activeElement.closest?.(".card"));
  cards[Math.min(cards.length - 1, Math.max(0, here + step))]?.focus();
}

function onCard(key, card) {
  const name = { Enter: "approve", e: "edit", r: "review", d: "settled", w: "retract" }[key];
  const button = name && card?.querySelector(`[data-act="${name}"]`);
  button?.click();
  return Boolean(button);
}

// `orders`: what each key does, where no card or field takes it.
export function listenToKeys(orders) {
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, dialog");
    if (event.key === "Escape" && typing?.matches("textarea")) typing.blur();
    if (event.key === "Enter" && event.target.id === "say-text" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      at("say").requestSubmit();
    }
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const card = document.activeElement.matches(".card") ? document.activeElement : null;
    if (onCard(key, card)) event.preventDefault();
    else if (key === "j" || key === "k") move(key === "j" ? 1 : -1);
    else if (key === "/" && at("say-text")) { event.preventDefault(); at("say-text").focus(); }
    else orders[key]?.();
  });
}
