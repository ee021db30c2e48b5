// Runs in a machine's network, and nowhere else in it. Takes over connections from the process that
// started it, and passes bytes between them and a port of the machine. Ends with that process.
import { connect } from 'node:net';
import process from 'node:process';

const IDLE_MS = 30_000;

let openCount = 0;
let idle = setTimeout(leave, IDLE_MS);

// Not without asking: a connection may be on its way. Asked again, should this have been so.
function leave() {
  process.send?.({ kind: 'idle' });
  idle = setTimeout(leave, IDLE_MS);
}

function done() {
  openCount -= 1;
  if (openCount > 0) return;
  clearTimeout(idle);
  idle = setTimeout(leave, IDLE_MS);
}

function join(outer, { port, host }) {
  openCount += 1;
  clearTimeout(idle);
  const inner = connect({ port, host, allowHalfOpen: true });
  let isOver = false;
  function end() {
    if (isOver) return;
    isOver = true;
    done();
  }
  function fail(error) {
    if (error.code === 'ECONNREFUSED') process.send?.({ kind: 'refused' });
    outer.resetAndDestroy();
    inner.destroy();
  }
  outer.on('error', () => inner.resetAndDestroy());
  inner.on('error', fail);
  outer.on('close', () => {
    inner.destroy();
    end();
  });
  inner.on('close', () => {
    if (!outer.writableFinished) outer.end();
  });
  inner.once('connect', () => {
    outer.pipe(inner);
    inner.pipe(outer);
  });
}

process.on('message', (message, socket) => {
  // The client may have gone away on the way here.
  process.send?.({ kind: 'taken', id: message.id });
  if (socket === undefined) return;
  socket.allowHalfOpen = true;
  join(socket, message);
});
process.on('disconnect', () => process.exit(0));
