// Clips that are being made: how far they are, by server-sent events; stopped or made again by a key.
import { call, Refused } from "./review-api.js";
import { el } from "./console-draw.js";

const API = "/api/v1/studio";
const OVER = ["done", "failed", "cancelled"];
const NAMES = { waiting: "排队中", running: "制作中", done: "制作完成", failed: "没有做成", cancelled: "已停止" };
const MADE = { shelved: "已上架", kept: "已在架上", refused: "没有上架" };

// Tells `draw` each time that a job went on; gives what ends the telling.
export function follow(id, draw) {
  const events = new EventSource(`${API}/films/${encodeURIComponent(id)}/events`);
  events.addEventListener("films", (event) => {
    const job = JSON.parse(event.data);
    draw(job);
    if (OVER.includes(job.state)) events.close();
  });
  return () => events.close();
}

// The box on a stream's page: the job of its approval, clip by clip.
export class FilmBox {
  constructor(at, tell) {
    Object.assign(this, { at, tell, job: null, followed: "", end: () => {} });
    at("films-cancel").addEventListener("click", () => this.take("cancel"));
    at("films-again").addEventListener("click", () => this.take("again"));
  }

  async show(view) {
    const { stream } = view;
    const key = `${stream.id} ${stream.digest}`;
    this.acts = view.comments_on;
    if (this.followed === key) return;
    this.end();
    this.followed = key;
    this.at("films").hidden = true;
    if (!stream.digest) return;
    const job = await call("GET", `${API}/streams/${stream.id}/films`).catch(() => null);
    if (job && this.followed === key) this.begin(job);
  }

  begin(job) {
    this.draw(job);
    if (!OVER.includes(job.state)) this.end = follow(job.id, (next) => this.draw(next));
  }

  draw(job) {
    this.job = job;
    const { at } = this;
    const over = OVER.includes(job.state);
    const refused = job.clips.filter((one) => one.state === "refused").length;
    at("films").hidden = false;
    at("films-state").textContent = NAMES[job.state];
    at("films-state").className = `state state-${over ? (refused || job.state !== "done" ? "bad" : "auto") : "open"}`;
    Object.assign(at("films-bar"), { max: job.total || 1, value: job.done, hidden: over });
    at("films-says").textContent = job.says;
    at("films-cancel").hidden = over || !this.acts;
    at("films-again").hidden = !over || !this.acts || job.clips.length - refused >= job.total;
    at("films-clips").replaceChildren(...job.clips.map((one) => el("li", {},
      el("b", { textContent: one.title }), el("span", { className: `state state-${one.state === "refused" || one.why ? "bad" : "auto"}`, textContent: MADE[one.state] }),
      one.seconds ? el("span", { className: "hint", textContent: `${one.seconds.toFixed(1)} 秒` }) : null,
      one.why ? el("span", { className: "why-not", textContent: one.why }) : null)));
  }

  async take(act) {
    this.tell(null);
    try {
      this.begin(await call("POST", `${API}/films/${this.job.id}/${act}`));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.tell(error);
    }
  }
}

// The rows on the page of clips: a job that is over makes the page anew, with its clips.
for (const row of document.querySelectorAll("[data-films]")) {
  follow(row.dataset.films, (job) => {
    row.querySelector("[data-says]").textContent = job.says;
    Object.assign(row.querySelector("progress"), { max: job.total || 1, value: job.done });
    if (OVER.includes(job.state)) location.reload();
  });
  row.querySelector("[data-cancel]").addEventListener("click", () => call("POST", `${API}/films/${row.dataset.films}/cancel`).catch((error) => { row.querySelector("[data-says]").textContent = error.message; }));
}
