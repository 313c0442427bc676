// The page for OBS: large captions, the answer with its clause, the label that never goes away.
import { Played, StageLine } from "./stage.js";

const room = document.body.dataset.room;
const at = (id) => document.getElementById(id);

function basis(one) {
  const item = document.createElement("li");
  const where = [one.title, one.number, one.locator].filter(Boolean).join(" ");
  item.append(Object.assign(document.createElement("b"), { textContent: `依据：${where}` }));
  item.append(Object.assign(document.createElement("q"), { textContent: one.quote }));
  return item;
}

const view = {
  show(cue) {
    document.body.dataset.state = "saying";
    at("text").textContent = cue.text;
    at("many").textContent = `${cue.asked_by} 位网友都在问`;
    at("many").hidden = cue.asked_by < 2;
    at("basis").replaceChildren(...cue.citations.slice(0, 2).map(basis));
    at("said").hidden = false;
    at("idle").hidden = true;
  },
  say(_cue, sentence) {
    at("caption").textContent = sentence;
  },
  rest() {
    document.body.dataset.state = "idle";
    at("caption").textContent = "";
    at("said").hidden = true;
    at("idle").hidden = false;
  },
  notice(state, line) {
    document.body.dataset.room_state = state;
    if (line) at("idle").textContent = line;
  },
  line(connected) {
    at("line").hidden = connected;
  },
};

const key = new URLSearchParams(location.search).get("key") ?? "";
const played = new Played(key ? room : `${room}:mirror`, key ? localStorage : sessionStorage);
new StageLine(room, key, view, played);
