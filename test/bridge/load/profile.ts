import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';

const FROM_START = new URL('./profile-from-start.mjs', import.meta.url).href;

/** What has a process write a CPU profile to that file when it ends. */
export function profileEnv(file: string): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--import ${FROM_START}`, PROFILE_FILE: file };
}

/** Profiles this process from now on. The function ends that and writes the file. */
export async function profileSelf(file: string): Promise<() => Promise<void>> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  return async () => {
    const { profile } = await session.post('Profiler.stop');
    writeFileSync(file, JSON.stringify(profile));
    session.disconnect();
  };
}
