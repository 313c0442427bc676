// A page in the background counts its time slowly; a worker does not.
const EVERY = 15_000;
setInterval(() => postMessage("beat"), EVERY);
