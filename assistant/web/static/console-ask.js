// One question to the operator, in a dialog: it stays open, with the reason, until an order worked.
import { at, el } from "./console-draw.js";

const MOST = 500;

// `text` undefined: nothing to write. `choices`: [label, order(text)], the first is the main one,
// which Ctrl+Enter presses too. `most`: letters at most; `hint`: what to write.
export function ask({ title, about, text, choices, most = MOST, hint = "" }) {
  at("ask-title").textContent = title;
  at("ask-about").textContent = about;
  at("ask-text").hidden = text === undefined;
  Object.assign(at("ask-text"), { value: text ?? "", maxLength: most, placeholder: hint });
  at("ask-error").hidden = true;
  const made = choices.map(([label, order], index) => {
    const button = el("button", { type: "button", className: index ? "" : "strong", textContent: label });
    button.addEventListener("click", () => carry(order));
    return button;
  });
  const no = el("button", { type: "submit", value: "no", textContent: "取消" });
  at("ask-text").onkeydown = (event) => { if (event.key === "Enter" && event.ctrlKey && !event.isComposing) made[0].click(); };
  at("ask-buttons").replaceChildren(...made, no);
  at("ask").showModal();
  if (text === undefined) made[0].focus();
  else at("ask-text").focus();
}

async function carry(order) {
  try {
    await order(at("ask-text").value);
    at("ask").close();
  } catch (error) {
    at("ask-error").textContent = error.message;
    at("ask-error").hidden = false;
  }
}
