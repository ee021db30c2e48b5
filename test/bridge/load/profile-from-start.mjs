import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import process from 'node:process';

/**
 * Loaded before a program: profiles it from its first line on, and writes that to the file which
 * PROFILE_FILE names when it ends. Node allows its own --cpu-prof in the arguments only.
 */
const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.start');
process.once('exit', () => {
  session.post('Profiler.stop', (error, answer) => {
    if (error !== null) throw error;
    writeFileSync(process.env.PROFILE_FILE, JSON.stringify(answer.profile));
  });
});
