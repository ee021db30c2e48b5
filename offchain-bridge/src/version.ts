import { readFileSync } from 'node:fs';
import { z } from 'zod';

const schema = z.object({ version: z.string() });

/** Of this bridge, as sellers see it beside its heartbeat. */
export function bridgeVersion(): string {
  const file = new URL('../package.json', import.meta.url);
  return schema.parse(JSON.parse(readFileSync(file, 'utf8'))).version;
}
