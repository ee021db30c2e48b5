import { DOOR_MARK, JOB_MARK, KEYS_FILE_FUNCTIONS, SHELL_PREAMBLE } from './keys-file-shell.ts';
import { shellQuote } from './shell-quote.ts';

/** Where the door is on a machine. */
export const DOOR_PATH = '/usr/local/sbin/dc-door';
/** The health command of what runs on the machine. */
export const CHECK_PATH = '/var/lib/dc/check.sh';
/** What the door answers to `hello`. */
export const DOOR_HELLO = 'dc-door 1';
/** The door's exit code if there is nothing to check. */
export const NO_CHECK_CODE = 120;

const CHECK_SECONDS = 20;
/** Longer than any job may take. */
const OPEN_SECONDS = 7_200;
/** A line of an Ed25519 key without a comment: type, space, 68 characters. */
const KEY_LINE_LENGTH = 80;

/**
 * The only program that the bridge's standing key may run on a machine of a renter: it lets a job's own
 * key in for two hours and takes it out again. For a POSIX shell with the tools that every Linux has.
 *
 * `expiry-time` is in the machine's own time zone, because sshd takes a `Z` only from OpenSSH 9.1 on.
 * Source: OpenSSH `sshd(8)`, AUTHORIZED_KEYS FILE FORMAT.
 */
export function doorScript(checkPath: string = CHECK_PATH): string {
  return `#!/bin/sh
# The marketplace's standing key (the line ending in "${DOOR_MARK}" in ~/.ssh/authorized_keys) may run this
# and nothing else. It lets the key of one job in for two hours and takes it out again; syslog says when.
# Delete that line to lock the marketplace out: then it cannot upgrade or check this machine any more.
${SHELL_PREAMBLE}asked=\${SSH_ORIGINAL_COMMAND-}
unset SSH_ORIGINAL_COMMAND
check=${shellQuote(checkPath)}
${MAIN}`;
}

const MAIN = String.raw`
say() {
  command -v logger >/dev/null 2>&1 || return 0
  client=${'$'}{SSH_CLIENT-}
  logger -t dc-door -- "$1 from ${'$'}{client%% *}" </dev/null >/dev/null 2>&1 || :
}

refuse() {
  printf 'dc-door: %s\n' "$2" >&2
  say "refused: $2"
  exit "$1"
}
${KEYS_FILE_FUNCTIONS}
# Lines with these options are never the owner's.
old='\|^restrict,expiry-time="[0-9]*" ssh-ed25519 [A-Za-z0-9+/=]* ${JOB_MARK}$|d'

open() {
  case $1 in
  '' | *[!A-Za-z0-9+/=]*) refuse 65 'open needs a key in base64' ;;
  esac
  [ "${'$'}{#1}" -le 400 ] || refuse 65 'open needs one short key'
  line=$(printf '%s' "$1" | base64 -d 2>/dev/null) || refuse 65 'open needs a key in base64'
  [ "${'$'}{#line}" -eq ${KEY_LINE_LENGTH} ] || refuse 65 'open takes an Ed25519 key only'
  case $line in
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI'*) ;;
  *) refuse 65 'open takes an Ed25519 key only' ;;
  esac
  case ${'$'}{line#ssh-ed25519 } in
  *[!A-Za-z0-9+/]*) refuse 65 'open takes an Ed25519 key only' ;;
  esac
  guard
  lock
  now=$(date +%s) || refuse 70 'cannot tell the time'
  until=$(date -d "@$((now + ${OPEN_SECONDS}))" +%Y%m%d%H%M%S) || refuse 70 'cannot tell the time'
  begin "$old"
  printf 'restrict,expiry-time="%s" %s ${JOB_MARK}\n' "$until" "$line" >>"$part" ||
    refuse 74 "cannot write to $folder"
  commit
  say 'opened'
}

case $asked in
hello) printf '${DOOR_HELLO}\n' ;;
'open '*) open "${'$'}{asked#open }" ;;
shut)
  guard
  lock
  begin "$old"
  commit
  say 'shut'
  ;;
check)
  [ -f "$check" ] || refuse ${NO_CHECK_CODE} 'there is nothing to check'
  timeout -k 5 ${CHECK_SECONDS} "$check" </dev/null >/dev/null 2>&1
  ;;
*) refuse 64 'only hello, check, open and shut' ;;
esac
`;

/** The health command as the door runs it. */
export function checkScript(command: string): string {
  return `#!/bin/sh\n${command}\n`;
}

/** The line of `authorized_keys` that lets the standing key run the door. */
export function doorLine(publicLine: string): string {
  return `restrict,command="${DOOR_PATH}" ${publicLine} ${DOOR_MARK}`;
}
