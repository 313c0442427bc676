// A room as the server tells it: a snapshot, then changes joined to it by `number`.
// A stream that breaks off is taken up with a new snapshot, so nothing is missed or shown twice.

const KEPT = 400;
const byId = (rows) => new Map(rows.map((row) => [row.id, row]));

export class Store {
  // `on`: {changed(what), line(connected), closed()}
  constructor(base, on) {
    Object.assign(this, { base, on, number: 0, skew: 0, room: null });
    this.clear();
    this.listen();
  }

  clear() {
    for (const name of ["entries", "questions", "alerts", "uncertain", "cases"]) this[name] = new Map();
    Object.assign(this, { current: null, waiting: [], counts: {}, broadcast: null });
  }

  now() {
    return Date.now() + this.skew;
  }

  listen() {
    this.source?.close();
    const source = new EventSource(`${this.base}/live`);
    this.source = source;
    source.addEventListener("snapshot", (event) => this.begin(JSON.parse(event.data)));
    source.addEventListener("changes", (event) => this.change(JSON.parse(event.data)));
    source.addEventListener("closed", () => this.on.closed());
    source.onerror = () => this.again(source);
  }

  // The browser reconnects by itself, except after an answer that is no stream: then we do.
  async again(source) {
    this.on.line(false);
    if (source.readyState !== EventSource.CLOSED || this.source !== source) return;
    const here = await fetch(`${this.base}/pulse`).catch(() => null);
    if (here && [401, 403, 404].includes(here.status)) location.reload();
    else setTimeout(() => this.listen(), 2000 + Math.random() * 2000);
  }

  begin(data) {
    this.clear();
    Object.assign(this, { number: data.number, room: data.room });
    this.entries = byId(data.entries);
    this.questions = byId(data.questions);
    this.cases = new Map(data.cases.map((one) => [one.question_id, one]));
    this.alerts = byId(data.alerts);
    this.uncertain = byId(data.uncertain);
    this.speech(data);
    this.on.line(true);
    this.on.changed({ alerts: data.alerts, fresh: true });
  }

  change(data) {
    if (data.number <= this.number) return;
    this.number = data.number;
    if (data.room) this.room = data.room;
    for (const one of data.entries) this.entries.set(one.id, one);
    for (const one of data.decisions) {
      const entry = this.entries.get(one.comment_id);
      if (entry) this.entries.set(entry.id, { ...entry, decision: one });
    }
    while (this.entries.size > KEPT) this.entries.delete(this.entries.keys().next().value);
    for (const one of data.questions) this.questions.set(one.id, one);
    for (const one of data.cases) {
      if (one.settled) this.cases.delete(one.question_id);
      else this.cases.set(one.question_id, one);
    }
    const fresh = data.alerts.filter((one) => !one.acknowledged && !this.alerts.has(one.id));
    for (const one of data.alerts) {
      if (one.acknowledged) this.alerts.delete(one.id);
      else this.alerts.set(one.id, one);
    }
    for (const one of data.uncertain) this.uncertain.set(one.id, one);
    this.speech(data);
    this.on.changed({ alerts: fresh, fresh: false });
  }

  speech(data) {
    this.skew = Date.parse(data.now) - Date.now();
    Object.assign(this, { current: data.current, waiting: data.waiting, counts: data.counts, broadcast: data.broadcast });
  }
}
