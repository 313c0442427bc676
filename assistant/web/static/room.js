// The viewers' page: questions out, each reply under its question; nothing typed is ever lost.
import { Host } from "./stage-host.js";
import { Stage } from "./stage.js";

const room = document.body.dataset.room;
const base = `/room/${encodeURIComponent(room)}`;
const at = (id) => document.getElementById(id);
const talk = at("talk");
const KEPT = 40;

// ---- what this viewer asked, kept over reloads ------------------------------------------------
const store = {
  key: `asked:${room}`,
  read() {
    return JSON.parse(localStorage.getItem(this.key) ?? "[]");
  },
  write(all) {
    localStorage.setItem(this.key, JSON.stringify(all.slice(-KEPT)));
  },
  change(id, change) {
    const all = this.read();
    const one = all.find((each) => each.id === id);
    if (one) Object.assign(one, change(one));
    this.write(all);
  },
};

function scroll() {
  talk.scrollTop = talk.scrollHeight;
}

function bubble(className, text) {
  const item = document.createElement("li");
  item.className = className;
  item.append(Object.assign(document.createElement("p"), { textContent: text }));
  talk.append(item);
  return item;
}

const STATES = { sending: "正在发送", sent: "已收到，正在查找依据", answered: "已答复", failed: "没有发出，点此重发" };

function showAsked(one) {
  const item = bubble("mine", one.text);
  item.dataset.id = one.id;
  item.append(Object.assign(document.createElement("p"), { className: "state" }));
  item.addEventListener("click", () => item.classList.contains("failed") && send(one));
  mark(one.id, one.state);
  for (const reply of one.replies) showReply(one.id, reply);
}

function mark(id, state) {
  const item = talk.querySelector(`[data-id="${CSS.escape(id)}"]`);
  if (!item) return;
  item.querySelector(".state").textContent = STATES[state] ?? "";
  item.classList.toggle("failed", state === "failed");
}

function showReply(id, reply) {
  const item = bubble("from-us", reply.text);
  item.append(Object.assign(document.createElement("p"), { className: "ai", textContent: "内容由人工智能生成" }));
  const help = document.createElement("div");
  help.className = "help";
  for (const [label, unsolved] of [["没解决", true], ["找人工", false]]) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: label });
    button.addEventListener("click", () => askPerson(id, unsolved, help));
    help.append(button);
  }
  item.append(help);
  scroll();
}

// ---- sending ----------------------------------------------------------------------------------
async function post(path, body) {
  return fetch(base + path, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
}

async function reason(response) {
  const problem = await response.json().catch(() => ({}));
  return problem.detail || "没有成功，请稍后再试。";
}

function complain(text) {
  at("error").textContent = text;
  at("error").hidden = !text;
}

async function send(one) {
  mark(one.id, "sending");
  try {
    const response = await post("/comments", { text: one.text, client_id: one.id });
    if (response.status === 503) throw new Error("the room goes to another process");
    if (!response.ok) complain(await reason(response));
    settle(one.id, response.ok ? "sent" : "failed");
  } catch {
    settle(one.id, "failed");
    again();
  }
}

function settle(id, state) {
  store.change(id, () => ({ state }));
  mark(id, state);
}

async function askPerson(id, unsolved, help) {
  for (const button of help.children) button.disabled = true;
  const done = document.createElement("span");
  done.setAttribute("role", "status");
  try {
    const response = await post("/help", { client_id: id, unsolved });
    done.textContent = response.ok ? "已转给工作人员" : await reason(response);
    if (!response.ok) for (const button of help.querySelectorAll("button")) button.disabled = false;
  } catch {
    done.textContent = "网络断开，请稍后再点";
    for (const button of help.querySelectorAll("button")) button.disabled = false;
  }
  help.querySelector("span")?.remove();
  help.append(done);
}

at("write").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = at("words").value.trim();
  complain("");
  if (!text) return;
  const one = { id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`.slice(0, 40), text, state: "sending", replies: [] };
  store.write([...store.read(), one]);
  showAsked(one);
  scroll();
  at("words").value = "";
  send(one);
});

at("words").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    at("write").requestSubmit();
  }
});

// ---- replies ----------------------------------------------------------------------------------
let source;
function online(yes) {
  at("offline").hidden = yes;
}

function listen() {
  source?.close();
  const pending = store.read().filter((one) => one.state === "sent" || one.state === "sending").map((one) => one.id);
  source = new EventSource(`${base}/replies?pending=${encodeURIComponent(pending.join(","))}`);
  source.onopen = () => {
    online(true);
    for (const one of store.read()) if (one.state === "failed") send(one);
  };
  source.addEventListener("reply", (event) => take(JSON.parse(event.data)));
  source.onerror = again;
}

// A line that looks open may be dead: whoever finds it so has a new one made, which sends the rest.
let waiting;
function again() {
  online(false);
  source?.close();
  clearTimeout(waiting);
  waiting = setTimeout(listen, 2000 + Math.random() * 2000);
}
window.addEventListener("online", () => {
  clearTimeout(waiting);
  listen();
});

function take(reply) {
  const known = store.read().find((one) => one.id === reply.client_id);
  if (known && !known.replies.some((one) => one.key === reply.key)) {
    store.change(reply.client_id, (one) => ({ state: "answered", replies: [...one.replies, { key: reply.key, text: reply.text }] }));
    mark(reply.client_id, "answered");
    showReply(reply.client_id, reply);
  }
  post("/replies/seen", { keys: [reply.key] }).catch(again);
}

// ---- the stage beside it ----------------------------------------------------------------------
function basis(one) {
  const item = document.createElement("li");
  const where = [one.title, one.number, one.locator].filter(Boolean).join(" ");
  item.append(Object.assign(document.createElement("b"), { textContent: where }), one.quote);
  return item;
}

// A person's own words are not a machine's; see stage-page.js.
let state = "";
function label(kind) {
  const key = state === "taken_over" ? "person" : kind === "operator_said" ? "said" : "plain";
  at("label").textContent = at("label").dataset[key];
}

const view = {
  begin(cue) {
    label(cue.kind);
    at("many").textContent = `${cue.asked_by} 位网友都在问`;
    at("many").hidden = cue.asked_by < 2;
    at("basis").replaceChildren(...cue.citations.map(basis));
    at("basis-box").hidden = !cue.citations.length;
    at("said").hidden = false;
    at("idle").hidden = true;
    document.body.dataset.state = "saying";
  },
  sentence(_cue, sentence) {
    at("caption").textContent = sentence.text;
  },
  rest() {
    at("said").hidden = true;
    at("idle").hidden = false;
    document.body.dataset.state = "idle";
    label("");
  },
  notice(now, line) {
    state = now;
    label("");
    if (line) at("idle").textContent = line;
  },
  next() {},
  role() {},
  line() {},
};
const stage = new Stage(room, {}, view);
const host = new Host(at("host"));

// The presenter moves while somebody can see it; a phone's battery is not ours.
function draw() {
  requestAnimationFrame(draw);
  if (!host.root.offsetParent) return; // a phone shows no presenter
  const now = stage.clock.now() - stage.clock.latency;
  const here = stage.player.cue ? stage.player.at(now) : null;
  host.mood = here ? "speak" : "listen";
  host.frame(now, here, here?.sentence.audio && stage.sound ? stage.voice.level() : null);
}
if (!matchMedia("(prefers-reduced-motion: reduce)").matches) requestAnimationFrame(draw);

at("sound").addEventListener("click", () => {
  stage.listen(!stage.sound);
  at("sound").setAttribute("aria-pressed", String(stage.sound));
  at("sound").textContent = stage.sound ? "声音已开" : "开声音";
});
at("large").addEventListener("click", () => {
  const on = document.documentElement.classList.toggle("large");
  at("large").setAttribute("aria-pressed", String(on));
  localStorage.setItem("large", on ? "1" : "");
});
if (localStorage.getItem("large")) at("large").click();

store.read().forEach(showAsked);
scroll();
listen();
