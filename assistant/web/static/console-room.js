// The console of one room on air: orders by mouse and by key, the duty officer's heartbeat.
import { beating } from "./beat.js";
import { OUTCOMES, alertItem, at, badge, cueHead, el, entryItem, keyed, platformItem, questionItem, span, waitingItem } from "./console-draw.js";
import { ask } from "./console-ask.js";
import { beep, listenToCopies, listenToTabs } from "./console-page.js";
import { listenToKeys } from "./console-keys.js";
import { retract } from "./console-retract.js";
import { Script } from "./console-script.js";
import { Store } from "./console-store.js";

const page = at("console").dataset;
const base = `/console/rooms/${encodeURIComponent(page.room)}`;
const may = { pick: page.pick === "1", run: page.run === "1", say: page.say === "1", approve: page.approve === "1", switch: page.switch === "1" };
const PULSE = 10_000;
const URGENCY = { emergency: 0, urgent: 1, normal: 2 };
let [outcome, which, sounds] = ["all", "todo", localStorage.getItem("console-sound") === "1"];
let platforms = [];

// ---- talking to the server --------------------------------------------------------------------
async function post(path, body) {
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": page.csrf };
  const sent = { method: "POST", headers, body: JSON.stringify(body) };
  const response = await fetch(base + path, sent).catch(() => null);
  if (!response) throw new Error("网络断开，没有执行，请稍后再试");
  const text = await response.text();
  if (response.ok) return text ? JSON.parse(text) : null;
  let detail = "没有成功，请稍后再试";
  try {
    detail = JSON.parse(text).detail ?? detail;
  } catch {
    // not ours: a proxy's page
  }
  throw new Error(detail);
}

const order = (name, more = {}) => post("/orders", { order: name, ...more });

async function tell(name, more = {}) {
  try {
    await order(name, more);
    complain("");
  } catch (error) {
    complain(error.message);
  }
}

function complain(text) {
  at("problem").textContent = text;
  at("problem").hidden = !text;
}

// ---- showing ----------------------------------------------------------------------------------
function filters(id, choices, chosen, choose) {
  const made = Object.entries(choices).map(([key, [label, count]]) => {
    const button = el("button", { type: "button", className: "chip-button", textContent: count === null ? label : `${label} ${count}` });
    button.setAttribute("aria-pressed", String(key === chosen));
    button.addEventListener("click", () => choose(key));
    return button;
  });
  const text = JSON.stringify([choices, chosen]);
  if (at(id).shown === text) return;
  const focus = [...at(id).children].indexOf(document.activeElement);
  at(id).shown = text;
  at(id).replaceChildren(...made);
  if (focus >= 0) made[focus]?.focus();
}

function drawStream() {
  const names = { all: ["全部", store.counts.received ?? 0] };
  for (const [kind, [label]] of Object.entries(OUTCOMES)) {
    if (kind !== "open") names[kind] = [label, store.counts[kind] ?? 0];
  }
  filters("filters", names, outcome, (key) => { outcome = key; drawStream(); });
  const rows = [...store.entries.values()].reverse();
  const wanted = rows.filter((one) => outcome === "all" || one.decision?.kind === outcome).slice(0, 150);
  keyed(at("stream"), wanted, entryItem);
  at("counts").textContent = `共 ${store.counts.received ?? 0} 条`;
}

const isTodo = (row) => row.state === "in_review" || row.state === "open" || Boolean(row.case);
const shows = { todo: isTodo, queued: (row) => row.queued, done: (row) => !isTodo(row) && !row.queued, all: () => true };

function questionRows() {
  const queued = new Set(store.waiting.map((cue) => cue.question_id));
  const rows = [...store.questions.values()].map((one) => ({ ...one, case: store.cases.get(one.id)?.reason ?? "", code: store.cases.get(one.id)?.code ?? "", case_id: store.cases.get(one.id)?.id ?? "", queued: queued.has(one.id) }));
  return rows.sort((a, b) => URGENCY[a.urgency] - URGENCY[b.urgency] || isTodo(b) - isTodo(a) || b.asked_by - a.asked_by || a.first_at.localeCompare(b.first_at));
}

function drawQueue() {
  const rows = questionRows();
  const count = (key) => rows.filter(shows[key]).length;
  filters("queue-filters", { todo: ["待处理", count("todo")], queued: ["待播出", count("queued")], done: ["已答", count("done")], all: ["全部", rows.length] }, which, (key) => { which = key; drawQueue(); });
  const wanted = rows.filter(shows[which]).slice(0, 150);
  keyed(at("queue"), wanted, (row) => questionItem(row, may));
  at("queue").classList.toggle("none", !wanted.length);
  at("queue").dataset.empty = which === "todo" ? "没有要处理的问题" : "没有问题";
  at("queue-count").textContent = count("todo") ? `${count("todo")} 个待处理` : "";
  drawTimes();
}

function drawSpeech() {
  const cue = store.current;
  const text = JSON.stringify(cue);
  if (at("now").shown !== text) {
    at("now").shown = text;
    const bar = cue && el("progress", { id: "progress", max: Math.max(1, cue.seconds), value: 0 });
    bar?.setAttribute("aria-label", "播出进度");
    at("now").replaceChildren(...(cue ? [el("p", { className: "hint", textContent: cueHead(cue) }), el("p", { className: "now-text", textContent: cue.text }), bar] : [el("p", { className: "hint", textContent: "现在没有播出。" })]));
  }
  keyed(at("waiting"), store.waiting.slice(0, 50), (one) => waitingItem(one, may));
  at("waiting").classList.toggle("none", !store.waiting.length);
  at("waiting-count").textContent = store.waiting.length ? `${store.waiting.length} 条等候` : "";
}

function press(id, on, label, key) {
  const button = at(id);
  if (!button) return;
  button.setAttribute("aria-pressed", String(on));
  const text = label + key;
  if (button.shown === text) return;
  button.shown = text;
  button.replaceChildren(label, ...(key ? [" ", el("kbd", { textContent: key })] : []));
}

function drawRoom() {
  const room = store.room;
  at("state").textContent = room.state_name;
  at("state").className = `state state-${room.state}`;
  at("muted").hidden = !room.muted;
  at("silent").hidden = !room.silent;
  at("carded").hidden = !room.carded;
  press("silence", room.silent, room.silent ? "开画面声音" : "关画面声音", "");
  press("cover", room.carded, room.carded ? "撤下盖板" : "盖板", "");
  at("auto-state").hidden = false;
  at("auto-state").textContent = room.automatic ? `自动答复，${room.automatic_by} 打开` : "人工确认后播出";
  at("auto-state").className = `state ${room.automatic ? "state-auto" : "state-hand"}`;
  press("take", room.state === "taken_over", room.state === "taken_over" ? "交还" : "接管", "T");
  press("mute", room.muted, room.muted ? "恢复播报" : "停播报", "M");
  press("pause", room.state === "paused", room.state === "paused" ? "继续" : "暂停", "P");
  press("automatic", room.automatic, room.automatic ? "关自动答复" : "开自动答复", "");
}

function drawAlerts() {
  const grave = { emergency: 0, urgent: 1, warning: 2 };
  const alerts = [...store.alerts.values()].sort((a, b) => grave[a.level] - grave[b.level] || b.at.localeCompare(a.at));
  keyed(at("alerts"), alerts, (one) => alertItem(one, may));
  const unsure = [...store.uncertain.values()];
  at("uncertain-box").hidden = !unsure.length;
  keyed(at("uncertain"), unsure, (one) => el("li", {}, badge(["不确定", "clarify"]), ` ${one.text}`));
}

// Why nothing is answered by itself, or that a person must soon say that they are there.
function lapseText(now) {
  const room = store.room;
  if (!room?.automatic || room.held) return room?.held ?? "";
  const minutes = Number(page.confirm);
  const left = minutes && room.present_at ? Date.parse(room.present_at) + minutes * 60_000 - now : Infinity;
  return left < 5 * 60_000 ? `请在 ${span(left)}内按“我在”，否则停止自动答复。` : "";
}

function drawTimes() {
  const now = store.now();
  script.time(now);
  for (const one of document.querySelectorAll(".waited")) one.textContent = `等了 ${span(now - Date.parse(one.dataset.since))}`;
  const bar = at("progress");
  if (bar && store.current?.started_at) bar.value = (now - Date.parse(store.current.started_at)) / 1000;
  keyed(at("platforms"), platforms.map((one) => ({ ...one, id: one.name, tick: Math.floor(now / 10_000) })), (one) => platformItem(one, now));
  const lapse = lapseText(now);
  at("lapse").hidden = !lapse;
  at("lapse-text").textContent = lapse;
  if (at("here")) at("here").hidden = !lapse.includes("我在") && !lapse.includes("不在岗");
}

const script = new Script({ base, may, post, order });
const store = new Store(base, {
  changed({ alerts, fresh }) {
    drawRoom();
    drawStream();
    drawQueue();
    drawSpeech();
    script.draw(store.broadcast, store.now());
    drawAlerts();
    if (sounds && alerts.length && !fresh) beep();
  },
  line(connected) { at("line").hidden = connected; },
  closed() { if (!at("close")?.sure) location.reload(); },
});

// ---- orders -----------------------------------------------------------------------------------
const orders = {
  t: () => tell(store.room.state === "taken_over" ? "give_back" : "take_over"),
  m: () => tell("mute", { on: !store.room.muted }),
  s: () => tell("skip"),
  p: () => tell(store.room.state === "paused" ? "resume" : "pause"),
};
for (const button of document.querySelectorAll("button[data-key]")) button.addEventListener("click", () => orders[button.dataset.key]());
if (may.run) listenToKeys(Object.fromEntries(Object.entries(orders).map(([key, run]) => [key, () => store.room && run()])));
else listenToKeys({});

function switchAutomatic() {
  if (store.room.automatic) return tell("automatic", { on: false });
  return ask({
    title: "打开自动答复？",
    about: "打开后，依据充分的答复不经人工确认直接播出，会记下是您打开的。控制台要有人值守：心跳中断后自动停止口播。",
    choices: [["打开", () => order("automatic", { on: true })]],
  });
}

const acts = {
  approve: (id) => tell("approve", { id }),
  review: (id) => tell("review", { id }),
  settled: (id) => tell("settled", { id }),
  withdraw: (id) => tell("withdraw", { id }),
  retract: (id) => retract(store.questions.get(id)),
  acknowledge: (id) => tell("acknowledge", { id }),
  edit(id) {
    const one = store.questions.get(id);
    return ask({
      title: one.text, about: `${one.asked_by} 人在问。改后的话也要过内容检查。`, text: one.answer,
      choices: [["播出", (text) => order("approve", { id, text })], ["只回文字", (text) => order("approve", { id, text, aloud: false })]],
    });
  },
};
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  const item = button?.closest("[data-key]");
  if (item) acts[button.dataset.act](item.dataset.key);
});

at("say")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    await order("say", { text: at("say-text").value });
    at("say-text").value = "";
    at("say-error").hidden = true;
  } catch (error) {
    at("say-error").textContent = error.message;
    at("say-error").hidden = false;
  }
});
at("paste")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const done = await post("/comments", { text: at("paste-text").value });
    at("paste-done").textContent = `已送入 ${done.accepted} 条`;
    at("paste-text").value = "";
  } catch (error) {
    at("paste-done").textContent = error.message;
  }
});
at("silence")?.addEventListener("click", () => tell("sound", { on: store.room.silent }));
at("cover")?.addEventListener("click", () => tell("card", { on: !store.room.carded }));
at("here")?.addEventListener("click", () => tell("present"));
at("automatic")?.addEventListener("click", switchAutomatic);
at("topic")?.addEventListener("click", () => ask({ title: "本场主题", about: "与主题有关的问题排得靠前。", text: store.room.topic, choices: [["保存", (text) => order("topic", { text })]] }));
at("close")?.addEventListener("submit", (event) => {
  if (at("close").sure) return;
  event.preventDefault();
  ask({ title: "结束本场直播？", about: "没播出的答复以文字发给网友，然后看复盘。", choices: [["结束直播", async () => { at("close").sure = true; at("close").submit(); }]] });
});
at("sound")?.addEventListener("click", () => { sounds = !sounds; localStorage.setItem("console-sound", sounds ? "1" : ""); press("sound", sounds, sounds ? "提醒声音已开" : "提醒声音", ""); if (sounds) beep(); });
press("sound", sounds, sounds ? "提醒声音已开" : "提醒声音", "");
listenToCopies();
listenToTabs();

// ---- how the stage is -------------------------------------------------------------------------
const SOUND = { running: "声音正常", suspended: "声音没有打开：在画面上点一下，或检查 OBS 的浏览器源", failed: "声音打不开，只有字幕", off: "没有声音", unknown: "还没有报告声音" };
const FIGURE = { no_webgl: "显卡不支持三维人物，已改用手绘人物", slow: "三维人物太慢，已改用手绘人物", broken: "三维人物的文件打不开，已改用手绘人物" };
function drawStage(now) {
  const line = at("stage-pages");
  if (!line) return;
  const { stage } = now;
  const bad = !stage || (stage.audio !== "running" && stage.age !== null);
  const pages = `有 ${now.stage_pages} 个画面连着`;
  const how = stage && [stage.role === "renderer" ? "外部渲染器在播" : SOUND[stage.audio], FIGURE[stage.figure] ?? "", stage.fps ? `${Math.round(stage.fps)} 帧` : "", Math.abs(stage.offset) > 2 ? `时钟差 ${stage.offset.toFixed(1)} 秒` : ""];
  line.textContent = stage ? [pages, ...how.filter(Boolean)].join("，") : now.stage_pages ? `${pages}，都没有密钥，按语速估计播出。` : "还没有画面连上，按语速估计播出。";
  line.classList.toggle("stage-bad", bad);
  const box = line.closest("details");
  box.querySelector("summary").textContent = bad ? "推流画面地址（需要看一下）" : "推流画面地址";
}

// ---- being there ------------------------------------------------------------------------------
async function pulse() {
  const response = await fetch(`${base}/pulse`).catch(() => null);
  if (!response?.ok) return;
  const now = await response.json();
  platforms = now.platforms;
  drawStage(now);
  drawTimes();
}
if (may.run) {
  beating(() => order("beat").catch((error) => complain(`心跳没有送到：${error.message}`)));
}
pulse();
setInterval(pulse, PULSE);
setInterval(drawTimes, 1000);
