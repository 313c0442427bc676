// The stage's line: takes cues, says each once, acknowledges, reconnects for ever.
// Until there is a voice, saying is showing the caption sentence by sentence in the cue's time.

const KEPT = 300;
const LAST_WAIT = 15_000;

export function sentences(text) {
  const parts = text.match(/[^。！？；!?;]+[。！？；!?;]?/gu) ?? [text];
  return parts.map((part) => part.trim()).filter(Boolean);
}

// Which cues this page has begun and ended; survives a reload, so that none is said twice.
export class Played {
  constructor(room, store = localStorage) {
    this.key = `stage:${room}`;
    this.store = store;
    this.ids = new Map(JSON.parse(store.getItem(this.key) ?? "[]"));
  }

  state(id) {
    return this.ids.get(id);
  }

  set(id, state) {
    this.ids.set(id, state);
    while (this.ids.size > KEPT) this.ids.delete(this.ids.keys().next().value);
    this.store.setItem(this.key, JSON.stringify([...this.ids]));
  }
}

export class StageLine {
  // `view`: {say(cue, sentence, index), show(cue), rest(), notice(state, line), line(connected)}
  constructor(room, key, view, played) {
    Object.assign(this, { room, key, view, played, wait: 500, current: null, timers: [] });
    this.connect();
  }

  connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const query = this.key ? `?key=${encodeURIComponent(this.key)}` : "";
    const path = `/stage/${encodeURIComponent(this.room)}/line${query}`;
    this.socket = new WebSocket(`${scheme}://${location.host}${path}`);
    this.socket.onopen = () => {
      this.wait = 500;
      this.view.line(true);
      this.settle();
    };
    this.socket.onmessage = (event) => this.take(JSON.parse(event.data));
    this.socket.onclose = () => this.again();
  }

  // What a reload cut off is over: it is not said again.
  settle() {
    for (const [id, state] of this.played.ids) {
      if (state !== "started" || this.current?.id === id) continue;
      this.played.set(id, "ended");
      this.tell("ended", id);
    }
  }

  again() {
    this.view.line(false);
    setTimeout(() => this.connect(), this.wait * (0.5 + Math.random() / 2));
    this.wait = Math.min(this.wait * 2, LAST_WAIT);
  }

  take(message) {
    if (message.type === "cue") this.begin(message);
    else if (message.type === "stop") this.silence();
    else if (message.type === "ended" && this.current?.id === message.cue_id) this.silence();
    else if (message.type === "notice") this.view.notice(message.state, message.line);
  }

  tell(type, id) {
    if (this.socket.readyState === WebSocket.OPEN) {
      this.socket.send(JSON.stringify({ type, cue_id: id }));
    }
  }

  begin(cue) {
    const state = this.played.state(cue.id);
    if (state) {
      this.tell("started", cue.id);
      if (this.current?.id !== cue.id) this.tell("ended", cue.id);
      return;
    }
    this.silence();
    this.current = cue;
    this.played.set(cue.id, "started");
    this.tell("started", cue.id);
    this.view.show(cue);
    this.schedule(cue);
  }

  schedule(cue) {
    const said = sentences(cue.spoken || cue.text);
    const whole = said.reduce((sum, one) => sum + one.length, 0) || 1;
    let at = 0;
    said.forEach((one, index) => {
      this.timers.push(setTimeout(() => this.view.say(cue, one, index), at * 1000));
      at += (cue.seconds * one.length) / whole;
    });
    this.timers.push(setTimeout(() => this.end(cue), Math.max(at, cue.seconds) * 1000));
  }

  end(cue) {
    this.played.set(cue.id, "ended");
    this.tell("ended", cue.id);
    this.silence();
  }

  silence() {
    this.timers.forEach(clearTimeout);
    this.timers = [];
    if (this.current) this.played.set(this.current.id, "ended");
    this.current = null;
    this.view.rest();
  }
}
