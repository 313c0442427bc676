// The review desk: a queue, one case, and a key for each thing that can be done with it.
import { at } from "./console-draw.js";
import { call, once, Refused } from "./review-api.js";
import { Composer, MODES } from "./review-compose.js";
import { fillLegend, listenToKeys } from "./review-keys.js";
import { Queue } from "./review-list.js";
import { Sent } from "./review-sent.js";
import { tick } from "./review-time.js";
import { Work } from "./review-work.js";

const page = at("review");
const sent = new Sent(at("sent"), {
  undone: (one) => open(one.case_id, { note: "已撤销，这一件回到您手里。" }),
  passed: () => queue.load(),
  failed: (text) => say(text, true),
});
const queue = new Queue(at("queue"), (id) => sent.holds(id), { open: (id) => open(id), changed: followed });
const work = new Work({ drawn: drawn });
const composer = new Composer(at("composer"), {
  send,
  typed: (value) => work.keep(value),
  near: (id, answer) => call("POST", `/cases/${encodeURIComponent(id)}/near`, { answer }),
  opened: () => { page.classList.add("composing"); say(""); },
  closed: () => { page.classList.remove("composing"); at("case").focus({ preventScroll: true }); },
});
let doubted = "";
const SAID = 8000;

let silence;
function say(text, bad = false) {
  clearTimeout(silence);
  silence = setTimeout(() => { at("told").textContent = ""; }, SAID);
  at("told").textContent = text;
  at("told").className = bad ? "told told-bad" : "told";
}

function show(which) {
  page.dataset.shown = which;
}

// ---- the open case ----------------------------------------------------------------------------
async function open(case_id, { over = false, note = "" } = {}) {
  composer.close();
  doubted = "";
  try {
    if (!(await work.open(case_id, { over }))) return;
  } catch (error) {
    say(error.message, true);
    return;
  }
  say(note);
  queue.open = case_id;
  queue.choose(case_id);
  show("case");
  at("scroll").scrollTop = 0;
  at("case").focus({ preventScroll: true });
  const { mode } = work.typed;
  if (work.mine && MODES[mode]) composer.open(mode, work.view, work.typed);
}

function drawn() {
  const view = work.view;
  for (const button of document.querySelectorAll("[data-do]")) button.disabled = !may(button.dataset.do);
  if (!view) return;
  at("do-approve").textContent = view.confirms ? "确认无误" : "批准";
  at("do-urgent").textContent = view.row.is_urgent ? "取消加急" : "加急";
  at("do-over").hidden = !may("over");
  at("do-returned").hidden = !may("returned");
}

function may(name) {
  const view = work.view;
  if (!view) return false;
  if (name === "over") return !work.mine && view.row.state === "waiting";
  if (name === "returned") return view.row.state === "handed";
  if (name === "withdraw") return Boolean(view.given && view.row.question_id);
  if (!work.mine) return false;
  if (name === "approve") return Boolean(view.confirms || view.draft);
  if (name === "edit") return Boolean(view.draft);
  return name !== "split" || view.members.length > 0;
}

async function next(settled) {
  const after = settled?.next_case_id ?? (await call("GET", "/next").catch(() => null))?.case_id;
  await queue.load();
  if (after) return open(after);
  work.close();
  queue.open = null;
  queue.mark();
  show("queue");
  queue.focus();
}

function finished(settled) {
  const { row } = work.view;
  work.forget();
  composer.close();
  sent.add(settled, row.question, row.case_id);
  queue.draw();
  return next(settled);
}

const took = () => Math.round(performance.now() - work.began);

function settle(kind, more = {}) {
  const body = { token: work.view.token, kind, without: [...work.without], took_ms: took(), ...more };
  return once(`/cases/${encodeURIComponent(work.id)}/settle`, body);
}

let busy = false;
async function alone(what) {
  if (busy) return;
  busy = true;
  try {
    await what();
  } catch (error) {
    if (error.status === 409) await work.renew();
    say(error.message, true);
  } finally {
    busy = false;
  }
}

// Unchanged, with one key; not on a source that is not in force, asked once more where a FAQ clashes.
function approve() {
  if (!work.ready) return;
  const { view } = work;
  const bad = !view.confirms && view.evidence.find((one) => !one.validity?.in_force);
  if (bad) return say(`依据“${bad.title || bad.source_id}”${bad.validity?.label ?? "找不到原文"}，不能原样批准。按 E 修改，或按 F 另选依据。`, true);
  const clash = view.near.find((one) => one.kind === "conflict");
  if (clash && doubted !== work.id) {
    doubted = work.id;
    return say(`与已有问答“${clash.question}”说法冲突。确定仍要批准，再按一次 A。`, true);
  }
  return alone(async () => finished(await settle(view.confirms ? "confirm" : "approve")));
}

// ---- what was written -------------------------------------------------------------------------
async function send(mode, value) {
  await work.flush();
  if (mode === "withdraw") return withdraw(value);
  if (mode === "hand_over") return finished(await handOver(value));
  const same = mode === "edit" && value.text.trim() === work.view.draft.trim() && !value.similar.length && !value.negatives.length;
  const kind = same && value.aloud && value.learn && !value.personal && !value.note ? "approve" : mode;
  const { text, note, aloud, learn, personal, similar, negatives } = value;
  const sources = value.sources.map(({ source_id, quote }) => ({ source_id, quote }));
  const more = MODES[mode].saying ? { aloud, learn, personal, similar, negatives, note, sources } : {};
  await finished(await settle(kind, kind === "approve" ? {} : { text, ...more }));
}

function handOver({ unit, due, note, text }) {
  remember(unit);
  const body = { token: work.view.token, unit, due_at: `${due}:00+08:00`, note, line: text };
  return once(`/cases/${encodeURIComponent(work.id)}/hand-over`, body);
}

async function withdraw({ text }) {
  const { case_id } = await once("/withdrawals", { question_id: work.view.row.question_id, reason: text });
  await work.discard();
  composer.close();
  await queue.load();
  if (case_id) await open(case_id, { note: "已撤回，正在停止播出。请在这一件里批准改正的答复。" });
}

function units() {
  try {
    return JSON.parse(localStorage.getItem("review-units") ?? "[]");
  } catch {
    return [];
  }
}

function remember(unit) {
  localStorage.setItem("review-units", JSON.stringify([unit, ...units().filter((one) => one !== unit)].slice(0, 30)));
  fillUnits();
}

function fillUnits() {
  at("units").replaceChildren(...units().map((unit) => Object.assign(document.createElement("option"), { value: unit })));
}

// ---- merging, splitting, marking --------------------------------------------------------------
function merge() {
  const others = () => queue.shown.filter((row) => row.case_id !== work.id);
  composer.pick("merge", "并到哪一件？", {
    label: "找要并到的那一件", hint: "输入几个字，↑↓ 选，Enter 并过去",
    find: (text) => others().filter((row) => row.question.includes(text)).slice(0, 20).map((row) => ({ id: row.case_id, title: row.question, more: `${row.asked_by} 人，${row.room_name}` })),
    choose: (row) => alone(async () => {
      await work.post("merge", { into: row.id });
      await open(row.id, { note: "已合并，现在一起处理。" });
    }),
  });
}

function split(case_id) {
  if (case_id) return alone(async () => { await call("POST", `/cases/${encodeURIComponent(case_id)}/split`); await open(work.id, { note: "已拆出，单独成为一件。" }); });
  const { members } = work.view;
  if (members.length === 1) return split(members[0].case_id);
  composer.pick("split", "拆出哪一件？", {
    label: "要拆出的提问", searches: false,
    find: () => members.map((one) => ({ id: one.case_id, title: one.question, more: `${one.asked_by} 人` })),
    choose: (row) => { composer.close(); split(row.id); },
  });
}

const returned = () => alone(async () => {
  await work.post("returned");
  await queue.filter("waiting");
  await open(work.id, { note: "已从部门退回，重新处理。" });
});

const mark = () => alone(async () => {
  const urgent = !work.view.row.is_urgent;
  await work.post("mark", { urgent });
  work.view.row.is_urgent = urgent;
  work.draw();
  say(urgent ? "已加急" : "不再加急");
  await queue.load();
});

// ---- keys and buttons -------------------------------------------------------------------------
const write = (mode) => () => composer.open(mode, work.view, work.typed.mode === mode ? work.typed : {});
const ACTS = { approve, merge, returned, split: () => split(), urgent: mark, over: () => open(work.id, { over: true }), ...Object.fromEntries(Object.keys(MODES).map((mode) => [mode, write(mode)])) };
const KEYS = { a: "approve", e: "edit", f: "answer", b: "ask_back", x: "reject", h: "hand_over", m: "merge", s: "split", u: "urgent", o: "over", w: "withdraw" };

function act(name) {
  if (!may(name)) return false;
  ACTS[name]();
  return true;
}

function pressed(key, target) {
  const inQueue = target.closest("#queue");
  if (key === "j" || key === "k") return queue.move(key === "j" ? 1 : -1);
  if (key.startsWith("Arrow")) return (inQueue || !work.view) && queue.move(key === "ArrowDown" ? 1 : -1);
  if (key === "Enter" && inQueue) return void open(queue.chosen);
  if (key === "Enter") return sent.newest ? void sent.send() : !work.view && queue.chosen ? void open(queue.chosen) : false;
  if (key === "z") return void sent.undo();
  if (key === "?") return at("legend").showModal();
  if (key === "/") return at("find").focus();
  if (key === "Escape") return back();
  if (/^[1-9]$/.test(key) && work.mine && work.view.members[key - 1]) return work.toggle(work.view.members[key - 1].case_id);
  return KEYS[key] ? act(KEYS[key]) : false;
}

function back() {
  show("queue");
  queue.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do], [data-split]");
  if (button?.dataset.do) act(button.dataset.do);
  if (button?.dataset.split) split(button.dataset.split);
});
at("back").addEventListener("click", back);
at("keys").addEventListener("click", () => at("legend").showModal());

// A case that another settled or merged meanwhile is told of at the next renewal; one that came
// back to us (undone elsewhere) is simply a row again.
function followed() {
  const row = work.id && queue.row(work.id);
  if (row && work.mine && row.holder && !row.mine) work.renew();
  const mark = row && at("head").querySelector("[data-due]");
  if (mark) mark.dataset.due = row.due_at ?? ""; // a case that has only just opened gets its deadline later
}

// ---- the beginning ----------------------------------------------------------------------------
async function begin() {
  fillLegend();
  fillUnits();
  listenToKeys(pressed);
  setInterval(tick, 1000);
  drawn();
  await queue.follow();
  const wanted = decodeURIComponent(location.hash.slice(1));
  if (wanted) await open(wanted);
  else queue.focus();
  page.dataset.ready = "1";
}
begin().catch((error) => say(error instanceof Refused ? error.message : "页面没有打开，请刷新", true));
