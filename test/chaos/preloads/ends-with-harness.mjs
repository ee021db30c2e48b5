// Loaded before a bridge (`node --import`): it does not outlive the simulation, however that ends. The
// connection to it is closed by the operating system then.
import { connect } from 'node:net';
import process from 'node:process';

const socket = connect(Number(process.env.CHAOS_LIFELINE_PORT), '127.0.0.1');
// The close that follows says all.
socket.on('error', () => undefined);
socket.on('close', () => process.kill(process.pid, 'SIGKILL'));
socket.resume();
// A bridge that is done may end.
socket.unref();
