// The line to the stage: messages both ways; reconnects for ever.

const FIRST_WAIT = 500;
const LAST_WAIT = 4_000;

export class StageLine {
  // `take(message)` gets what comes, `open(connected)` how the line is.
  constructor(room, { key = "", role = "page" }, take, open) {
    Object.assign(this, { room, key, role, take, open, wait: FIRST_WAIT, seq: 0 });
    this.connect();
  }

  connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const query = new URLSearchParams({ key: this.key, role: this.role });
    const path = `/stage/${encodeURIComponent(this.room)}/line?${query}`;
    this.socket = new WebSocket(`${scheme}://${location.host}${path}`);
    this.socket.onopen = () => {
      this.wait = FIRST_WAIT;
      this.open(true);
    };
    this.socket.onmessage = (event) => {
      const message = JSON.parse(event.data);
      this.seq = message.seq;
      this.take(message);
    };
    this.socket.onclose = () => this.again();
  }

  again() {
    this.open(false);
    setTimeout(() => this.connect(), this.wait * (0.5 + Math.random() / 2));
    this.wait = Math.min(this.wait * 2, LAST_WAIT);
  }

  // Whether it went out.
  tell(message) {
    if (this.socket.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }
}
