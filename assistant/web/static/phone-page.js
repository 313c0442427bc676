// The officer's page: draws my rooms every few seconds, beats, sends what the thumb pressed.
import { beating } from "./beat.js";
import { at, el, keyed, span } from "./console-draw.js";

const page = at("phone").dataset;
const EVERY = 3000;
const SOON = 5 * 60_000;
const time = new Intl.DateTimeFormat("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });
const clock = (text) => time.format(new Date(text));
let rooms = [];
let skew = 0;

async function post(path, body = {}) {
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": page.csrf };
  const response = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) }).catch(() => null);
  if (!response) throw new Error("网络断开，没有执行，请再按一次");
  if (response.ok) return;
  if (response.status === 401 || response.status === 403) {
    const said = await response.json().catch(() => ({}));
    if (said.needs_login || response.status === 401) location.reload();
    throw new Error(said.detail ?? "没有权限");
  }
  const said = await response.json().catch(() => ({}));
  throw new Error(said.detail ?? "没有执行，请再按一次");
}

function complain(text) {
  at("problem").textContent = text;
  at("problem").hidden = !text;
}

// One press is one order, however often a bad line makes us send it.
const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (one) => one.toString(16).padStart(2, "0")).join("");
async function press(button, work) {
  button.disabled = true;
  const key = newKey();
  try {
    await work(key).catch((error) => (error.message.startsWith("网络") ? work(key) : Promise.reject(error)));
    complain("");
  } catch (error) {
    complain(error.message);
  }
  button.disabled = false;
  await refresh();
}

const order = (room, name, more = {}) => (key) => post(`/console/rooms/${encodeURIComponent(room)}/orders`, { order: name, key, ...more });
const ACTS = {
  sound: (room) => order(room.id, "sound", { on: room.silent }),
  card: (room) => order(room.id, "card", { on: !room.carded }),
  take: (room) => order(room.id, room.state === "taken_over" ? "give_back" : "take_over"),
  acknowledge: (room, id) => order(room.id, "acknowledge", { id }),
};

at("rooms").addEventListener("click", (event) => {
  const button = event.target.closest("button[data-act]");
  const room = rooms.find((one) => one.id === button?.closest("[data-key]")?.dataset.key);
  if (room) press(button, ACTS[button.dataset.act](room, button.dataset.id));
});
at("here").addEventListener("click", () => press(at("here"), () => post("/console/phone/present")));

// ---- drawing ----------------------------------------------------------------------------------
function key(act, label, on, name = "") {
  const made = el("button", { type: "button", className: name, dataset: { act } }, label);
  made.setAttribute("aria-pressed", String(on));
  return made;
}

function keys(room) {
  const taken = room.state === "taken_over";
  return el("div", { className: "phone-keys" },
    key("sound", room.silent ? "开画面声音" : "关画面声音", room.silent),
    key("card", room.carded ? "撤盖板" : "盖板", room.carded),
    key("take", taken ? "交还" : "接管", taken, "danger"));
}

function alertItem(one) {
  const told = one.told.map((each) => `${clock(each.at)} ${each.worked ? "通知" : "没联系上"}${each.who || "值班人员"}`).join("，");
  const seen = one.by ? `${one.by} ${clock(one.seen_at)} 已确认` : "";
  const button = one.by ? null : el("button", { type: "button", dataset: { act: "acknowledge", id: one.id } }, "确认收到");
  return el("li", { className: one.by ? "phone-alert seen" : "phone-alert" }, el("p", {}, one.text), el("p", { className: "hint" }, [`${clock(one.at)} 提醒`, told, seen].filter(Boolean).join("；")), button);
}

function badges(room) {
  const all = [
    [room.state_name, `state-${room.state}`],
    room.on_air && [room.automatic ? "自动答复" : "人工确认", room.automatic ? "state-auto" : "state-hand"],
    room.muted && ["已停播报", "state-bad"], room.silent && ["画面声音已关", "state-bad"], room.carded && ["盖板中", "state-bad"],
  ];
  return all.filter(Boolean).map(([text, name]) => el("span", { className: `state ${name}` }, text));
}

function roomItem(room) {
  const shown = room.on_air && room.here;
  const open = room.alerts.filter((one) => !one.by);
  const alerts = open.length ? open : room.alerts.slice(0, 1);
  const facts = [`值班：${room.on_duty.join("、") || "没有排人"}`, shown && `待人工 ${room.waiting} 个`];
  return el("li", { className: `panel phone-room ${room.on_air ? (room.held ? "held" : "good") : "off"}` },
    el("div", { className: "phone-head" }, el("h2", {}, room.name), ...badges(room)),
    room.held && el("p", { className: "phone-held" }, room.held),
    alerts.length ? el("ul", { className: "phone-alerts" }, ...alerts.map(alertItem)) : null,
    el("p", { className: "phone-facts" }, facts.filter(Boolean).join("　")),
    shown && room.saying ? el("p", { className: "phone-saying" }, `正在播：${room.saying}`) : null,
    shown ? keys(room) : null,
    room.on_air && !room.here ? el("p", { className: "hint" }, "这个直播间正由另一台服务运行。") : null,
    el("a", { href: `/console/rooms/${encodeURIComponent(room.id)}` }, "打开控制台"));
}

function presence() {
  const now = Date.now() + skew;
  const live = rooms.filter((room) => room.on_air && room.here);
  const due = live.map((room) => room.confirm_by && Date.parse(room.confirm_by)).filter(Boolean);
  const left = Math.min(...due) - now;
  const never = live.some((room) => !room.present_at);
  const held = live.some((room) => room.held.includes("不在岗"));
  document.querySelector(".phone-bar").classList.toggle("late", held || never || left < SOON);
  if (!live.length) return "现在没有直播";
  if (held || never || left <= 0) return "没有人确认在岗，请按“我在”";
  if (left < SOON) return `请在 ${span(left)}内按一次“我在”`;
  const last = live.reduce((a, b) => (a.present_at > b.present_at ? a : b));
  const quiet = Math.min(...live.map((room) => room.quiet_minutes));
  return `${last.present_by} ${clock(last.present_at)} 在岗。${quiet ? `锁屏后 ${quiet} 分钟内仍算在岗` : "请保持本页打开"}`;
}

async function refresh() {
  const response = await fetch("/console/phone/state").catch(() => null);
  if (!response?.ok) {
    if (response && [401, 403].includes(response.status)) location.reload();
    at("presence").textContent = "连接断开，正在重连";
    return;
  }
  const now = await response.json();
  skew = Date.parse(now.now) - Date.now();
  rooms = now.rooms;
  keyed(at("rooms"), rooms, roomItem);
  at("none").hidden = rooms.length > 0;
  at("presence").textContent = presence();
}

beating(() => post("/console/phone/beat").catch(() => { at("presence").textContent = "心跳没有送到，正在重试"; }));
refresh();
setInterval(refresh, EVERY);
