// Which cues this page has said, and how far; survives a reload, so that nothing is said twice.

const KEPT = 300;

export class Played {
  constructor(room, store = localStorage) {
    this.key = `stage-said:${room}`;
    this.store = store;
    this.ids = new Map(JSON.parse(store.getItem(this.key) ?? "[]"));
  }

  isOver(id) {
    return this.ids.get(id) === "over";
  }

  has(id) {
    return this.ids.has(id);
  }

  // The sentence at which to go on.
  next(id) {
    const at = this.ids.get(id);
    return typeof at === "number" ? at : 0;
  }

  set(id, state) {
    this.ids.delete(id);
    this.ids.set(id, state);
    while (this.ids.size > KEPT) this.ids.delete(this.ids.keys().next().value);
    this.store.setItem(this.key, JSON.stringify([...this.ids]));
  }
}
