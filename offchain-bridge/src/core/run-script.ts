import { SHELL_PREAMBLE } from './keys-file-shell.ts';
import { STEP_LINE_BYTES } from './recipe-step.ts';
import { shellQuote } from './shell-quote.ts';

/** Everything of the bridge's on a machine. */
export const DC_FOLDER = '/var/lib/dc';

const KILL_SECONDS = 10;
const RECENT_BYTES = 64 * 1_024;
const NO_CLOUD_INIT = 127;
const MS_PER_SECOND = 1_000;
const BOOT_ID = '/proc/sys/kernel/random/boot_id';
/** Exit codes of `timeout`. Source: GNU coreutils, `timeout`. */
const TIMED_OUT = 124;
const KILLED = 137;

/** The folder of one run and what is in it. */
export interface RunFolder {
  readonly path: string;
  /** The name that systemd knows it by. */
  readonly unit: string;
}

/** A job runs at most one script of each name. */
export function runFolder(name: string, parent: string = DC_FOLDER): RunFolder {
  return { path: `${parent}/run-${name}`, unit: `dc-run-${name}` };
}

/**
 * Runs `script` in the folder that it stands in, once: whoever comes second, at the same time or later,
 * does nothing. What it prints goes to `log`. When it is over, `exit-code` is there, whole: the exit
 * code, the length of the log, how long it took, and the limit, in seconds. What goes on in the
 * background does not change that any more. `lock` is held as long as it runs. The place of `exit-code`
 * on the disk is taken before, so that it can be written on a full one.
 */
export function runWrapper(timeLimitMs: number): string {
  const limit = Math.max(1, Math.round(timeLimitMs / MS_PER_SECOND));
  return String.raw`#!/bin/sh
${SHELL_PREAMBLE}umask 022
cd "$(dirname "$0")" || exit 74
exec 9>lock || exit 74
flock -n 9 || exit 0
[ ! -e started ] || exit 0
uptime_seconds() {
  read -r up rest </proc/uptime
  printf '%s' "${'$'}{up%%.*}"
}
printf '%-63s\n' running >exit-code.part || exit 74
: >>log || exit 74
cat ${BOOT_ID} >started.part && mv started.part started || exit 74
unset LC_ALL SSH_CLIENT SSH_CONNECTION SSH_TTY
LANG=C.UTF-8
DEBIAN_FRONTEND=noninteractive
export LANG DEBIAN_FRONTEND
set -a
. ./inputs
set +a
began=$(uptime_seconds)
(cd "$HOME" && exec timeout -k ${KILL_SECONDS} ${limit} "$OLDPWD/script") \
  </dev/null >>log 2>&1 9>&- &
printf '%s\n' "$!" >pid
wait "$!"
code=$?
took=$(($(uptime_seconds) - began))
rm -f inputs
printf '%-63s\n' "$code $(wc -c <log | tr -d ' ') $took ${limit}" 1<>exit-code.part
mv exit-code.part exit-code
`;
}

/** How a run ended, by its file `exit-code`. */
export interface RunEnd {
  readonly code: number;
  readonly logBytes: number;
  readonly isTimedOut: boolean;
}

/** Undefined for anything but what the wrapper writes. */
export function parseRunEnd(text: string): RunEnd | undefined {
  const match = /^(\d{1,3}) (\d{1,15}) (\d{1,10}) (\d{1,10})\s*$/.exec(text);
  if (match === null) return undefined;
  const [code = 0, logBytes = 0, seconds = 0, limit = 0] = match.slice(1).map(Number);
  // `timeout` gave up on it, or had to kill it; a script may end so by itself.
  const isTimedOut = (code === TIMED_OUT || code === KILLED) && seconds >= limit;
  return { code, logBytes, isTimedOut };
}

/** Waits until the machine is set up; exits 1 if that failed. Where there is no cloud-init it is. */
export const SETTLED_SCRIPT = `command -v cloud-init >/dev/null 2>&1 || exit ${NO_CLOUD_INIT}
cloud-init status --wait >/dev/null 2>&1 </dev/null
`;

/** What the exit code of `SETTLED_SCRIPT` says; 2 is about what cloud-init could recover from. */
export function isSettled(code: number | undefined): boolean {
  return code === 0 || code === 2 || code === NO_CLOUD_INIT;
}

export function makeFolderScript({ path }: RunFolder): string {
  return `umask 077\nmkdir -p ${shellQuote(path)}\n`;
}

/**
 * Starts the wrapper so that it outlives the login. What it leaves running goes on after it, under
 * systemd too.
 */
export function startScript({ path, unit }: RunFolder): string {
  const wrapper = shellQuote(`${path}/run.sh`);
  return `if [ -d /run/systemd/system ] && command -v systemd-run >/dev/null 2>&1; then
  systemd-run --quiet --unit=${unit} --collect --property=KillMode=process /bin/sh ${wrapper} </dev/null
else
  setsid nohup /bin/sh ${wrapper} </dev/null >/dev/null 2>&1 &
fi
`;
}

/** Where a run is. */
export type RunState = 'none' | 'running' | 'ended' | 'dead';

/**
 * Prints the state of a run, whether the machine has booted since, how long its log is, and the last
 * step that it told of late. The lock is looked at before the exit code, which is written under it.
 */
export function statusScript({ path }: RunFolder): string {
  return String.raw`cd ${shellQuote(path)} 2>/dev/null && [ -f started ] || { echo none; exit 0; }
flock -n lock true && state=dead || state=running
[ ! -f exit-code ] || state=ended
read -r then <started
read -r now <${BOOT_ID}
[ "$then" = "$now" ] && boot=same || boot=other
printf '%s %s %s\n' "$state" "$boot" "$(wc -c <log | tr -d ' ')"
tail -c ${RECENT_BYTES} log | LC_ALL=C sed -n '/^#dc-step /p' | tail -n 1 | head -c ${STEP_LINE_BYTES}
`;
}

export interface RunStatus {
  readonly state: RunState;
  readonly hasRebooted: boolean;
  /** Printed so far. */
  readonly logBytes: number;
  /** As it was printed, without the line end; empty if there was none. */
  readonly lastStepLine: string;
}

/** Reads what `statusScript` prints. Undefined if it is something else. */
export function parseStatus(text: string): RunStatus | undefined {
  const [first = '', lastStepLine = ''] = text.split('\n');
  if (first === 'none') {
    return { state: 'none', hasRebooted: false, logBytes: 0, lastStepLine: '' };
  }
  const match = /^(running|ended|dead) (same|other) (\d{1,15})$/.exec(first);
  if (match === null) return undefined;
  const state = match[1] as RunState;
  return { state, hasRebooted: match[2] === 'other', logBytes: Number(match[3]), lastStepLine };
}

/**
 * Ends what is left of a run: all that is in its process group. Its number may be somebody else's by now,
 * so the program is looked at first. Exits 0 if there was something to end.
 */
export function killScript({ path }: RunFolder): string {
  return `cd ${shellQuote(path)} && [ ! -f exit-code ] && read -r pid <pid || exit 1
tr '\\0' ' ' <"/proc/$pid/cmdline" | grep -qF ${shellQuote(`${path}/script`)} || exit 1
kill -KILL "-$pid"
`;
}

/** Removes what is secret. */
export function cleanScript({ path }: RunFolder): string {
  return `rm -f ${shellQuote(`${path}/inputs`)}\n`;
}
