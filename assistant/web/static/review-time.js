// Times as a person at a desk reads them, in the office's own zone.
import { now } from "./review-api.js";

const zone = { timeZone: "Asia/Shanghai", hour12: false };
const clock = new Intl.DateTimeFormat("zh-CN", { ...zone, hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat("zh-CN", { ...zone, month: "numeric", day: "numeric" });
const HALF_DAY = 12 * 3600_000;

export function span(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} 秒`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} 分`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} 小时 ${minutes % 60} 分` : `${Math.floor(hours / 24)} 天`;
}

export const moment = (at) => `${day.format(new Date(at))} ${clock.format(new Date(at))}`;

// [text, class] of a deadline.
export function due(at) {
  if (!at) return ["没有期限", ""];
  const left = Date.parse(at) - now();
  if (left < 0) return [`超时 ${span(-left)}`, "overdue"];
  if (left < HALF_DAY) return [`还剩 ${span(left)}`, left < 60_000 ? "soon" : ""];
  return [`${moment(at)} 前`, ""];
}

// Every element with data-due or data-since, once a second.
export function tick() {
  for (const one of document.querySelectorAll("[data-due]")) {
    const [text, look] = due(one.dataset.due);
    if (one.textContent !== text) one.textContent = text;
    one.className = `due ${look}`;
  }
  for (const one of document.querySelectorAll("[data-since]")) {
    const text = `等了 ${span(now() - Date.parse(one.dataset.since))}`;
    if (one.textContent !== text) one.textContent = text;
  }
}
