// One dialog for everything that wants a word or a yes; what was typed stays where it is refused.
import { at, el } from "./console-draw.js";
import { Refused } from "./review-api.js";

let current = null;

// `fields`: [name, label, needed, value, suggestions]. `send` gets the values, `then` its reply.
export function ask({ title, of = "", yes, fields }, send, then) {
  current = { send, then };
  at("asking-title").textContent = title;
  at("asking-of").textContent = of;
  at("asking-yes").textContent = yes;
  at("asking-fault").textContent = "";
  at("asking-fields").replaceChildren(...fields.flatMap(drawn));
  at("asking").showModal();
  (at("asking-fields").querySelector("textarea") ?? at("asking-yes")).focus();
}

function drawn([name, label, needed, value = "", suggestions = []]) {
  const area = el("textarea", { name, rows: 2, required: needed, value, maxLength: 600 });
  const chips = suggestions.map((text) => {
    const chip = el("button", { type: "button", className: "small chip-button", textContent: text });
    chip.addEventListener("click", () => { area.value = text; area.focus(); });
    return chip;
  });
  return [el("label", {}, el("span", { textContent: label }), area), chips.length ? el("p", { className: "row-tools" }, ...chips) : null].filter(Boolean);
}

async function go() {
  const values = Object.fromEntries([...at("asking-fields").querySelectorAll("textarea")].map((one) => [one.name, one.value.trim()]));
  at("asking-yes").disabled = true;
  at("asking-fault").textContent = "";
  try {
    const reply = await current.send(values);
    at("asking").close();
    await current.then(reply);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    at("asking-fault").textContent = error.message;
  } finally {
    at("asking-yes").disabled = false;
  }
}

export const closeAsking = () => at("asking").close();

at("asking").querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  go();
});
at("asking").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.ctrlKey && !event.isComposing) at("asking").querySelector("form").requestSubmit();
});
at("asking-no").addEventListener("click", closeAsking);
