import { KEYS_FILE_FUNCTIONS, RENTER_MARK, SHELL_PREAMBLE } from './keys-file-shell.ts';
import { WorkError } from './work-error.ts';

const BEGIN = '# dc-renter-keys begin';
const END = '# dc-renter-keys end';
/** Type, key, comment, without anything that is not to be seen. */
const LINE = /^[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,2}( [^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*)?$/u;

/**
 * A line of the renter's as it is written to `authorized_keys`. Throws a `config` error for what is not
 * type, key and comment in one line: options before the type could run commands.
 */
export function renterLine(line: string): string {
  if (!LINE.test(line)) {
    throw new WorkError('config', "One of the renter's SSH keys is no line of authorized_keys.");
  }
  return `${line.trimEnd()} ${RENTER_MARK}`;
}

/**
 * A script for a POSIX shell that puts these lines in the place of the renter's lines of before, and
 * leaves all others alone: the door's, and those that the renter wrote without the marketplace.
 */
export function renterKeysScript(lines: readonly string[]): string {
  return `${SHELL_PREAMBLE}${MAIN_START}
cat >>"$part" <<'dc-end-of-keys' || refuse 74 "cannot write to $folder"
${[BEGIN, ...lines.map(renterLine), END].join('\n')}
dc-end-of-keys
commit
`;
}

const MAIN_START = String.raw`
refuse() {
  printf '%s\n' "$2" >&2
  exit "$1"
}
${KEYS_FILE_FUNCTIONS}
guard
lock
begin '/ ${RENTER_MARK}$/d; /^# dc-renter-keys /d'
`;
