import { createHash } from 'node:crypto';

/** SHA-256 in lower-case hexadecimal. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * The hash of a script that differs only in its numbers from run to run (job ids, time limits): every
 * run of digits counts as one zero. For `demoScripts`, beside plain hashes.
 */
export function demoHash(text: string): string {
  return sha256Hex(text.replaceAll(/\d+/g, '0'));
}

/** Whether a script is built in, whole or but for its numbers. */
export function isBuiltIn(text: string, demoScripts: ReadonlySet<string>): boolean {
  return demoScripts.has(sha256Hex(text)) || demoScripts.has(demoHash(text));
}
