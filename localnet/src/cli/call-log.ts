import type { Principal } from '@dfinity/principal';
import type { Colors } from 'picocolors/types.js';
import type { Replica, ReplicaEvent, ReplicaInput } from '../core/replica-api.ts';
import {
  CKBTC_LEDGER_ID,
  CKUSDC_LEDGER_ID,
  CKUSDT_LEDGER_ID,
  CMC_ID,
  CYCLES_LEDGER_ID,
  ICP_LEDGER_ID,
} from '../system/system-ids.ts';

/** `calls`: what ran and what canisters print. `debug`: timers, heartbeats and requests as well. */
export const LOG_LEVELS = ['off', 'calls', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const SYSTEM_TASKS: ReadonlySet<string> = new Set(['canister_global_timer', 'canister_heartbeat']);

const NAMES: ReadonlyMap<string, string> = new Map([
  [CKBTC_LEDGER_ID.toText(), 'ckBTC ledger'],
  [CKUSDC_LEDGER_ID.toText(), 'ckUSDC ledger'],
  [CKUSDT_LEDGER_ID.toText(), 'ckUSDT ledger'],
  [CMC_ID.toText(), 'cycles minting canister'],
  [CYCLES_LEDGER_ID.toText(), 'cycles ledger'],
  [ICP_LEDGER_ID.toText(), 'ICP ledger'],
]);

const ID_WIDTH = 27;
const ENTRY_WIDTH = 28;
const INSTRUCTIONS_WIDTH = 7;
const NS_PER_MS = 1_000_000n;

export interface CallLogOptions {
  readonly level: LogLevel;
  readonly colors: Colors;
  readonly write: (line: string) => void;
}

/** Writes one line for each thing a replica does, from now on. */
export function logCalls(replica: Replica, options: CallLogOptions): void {
  const { level, colors, write } = options;
  if (level === 'off') return;
  const writeLine = (text: string): void => {
    write(`${colors.dim(timeText(replica.timeNs()))} ${text}\n`);
  };
  replica.onEvent((event) => {
    if (level === 'debug' || !isRoutine(event)) writeLine(eventLine(event, colors));
  });
  if (level !== 'debug') return;
  replica.onInput((input) => {
    const text = inputLine(input);
    if (text !== undefined) writeLine(colors.dim(text));
  });
}

/** Timers and heartbeats come every second whether or not anybody does anything. */
function isRoutine(event: ReplicaEvent): boolean {
  return event.kind === 'executed' && event.outcome === 'ok' && SYSTEM_TASKS.has(event.entry);
}

function eventLine(event: ReplicaEvent, colors: Colors): string {
  const who = colors.cyan(canisterName(event.canisterId).padEnd(ID_WIDTH));
  if (event.kind === 'print') return `${who} ${colors.yellow('prints')} ${event.text}`;
  const entry = event.entry.padEnd(ENTRY_WIDTH);
  const cost = instructionsText(event.instructions).padStart(INSTRUCTIONS_WIDTH);
  if (event.outcome === 'ok') return `${who} ${entry} ${cost} ${colors.green('ok')}`;
  return `${who} ${entry} ${cost} ${colors.red('trap')} ${event.detail}`;
}

function inputLine(input: ReplicaInput): string | undefined {
  switch (input.kind) {
    case 'ingress': {
      const { id, sender, canisterId, method, arg } = input.message;
      return `${canisterName(canisterId)} ← ${method}, ${arg.length} bytes, from ${sender.toText()}, request ${id}`;
    }
    case 'round':
      return undefined;
    case 'http-answer':
      return `HTTPS outcall ${input.id} answered: ${input.answer.kind}`;
    case 'add-cycles':
      return `${canisterName(input.canisterId)} ← ${input.amount.toString()} cycles`;
    case 'set-stable-memory':
      return `${canisterName(input.canisterId)} ← stable memory, ${input.bytes.length} bytes`;
  }
}

function canisterName(id: Principal): string {
  const text = id.toText();
  return NAMES.get(text) ?? text;
}

/** `1234567n` → `1.23M`: three digits tell what a call costs, the rest is noise. */
export function instructionsText(count: bigint): string {
  const value = Number(count);
  for (const [unit, size] of [
    ['G', 1e9],
    ['M', 1e6],
    ['k', 1e3],
  ] as const) {
    if (value >= size) return `${threeDigits(value / size)}${unit}`;
  }
  return value.toString();
}

function threeDigits(value: number): string {
  if (value >= 100) return Math.floor(value).toString();
  const digits = value >= 10 ? 1 : 2;
  const scale = 10 ** digits;
  return (Math.floor(value * scale) / scale).toFixed(digits);
}

/** Local wall-clock time of the replica's time. */
function timeText(timeNs: bigint): string {
  const date = new Date(Number(timeNs / NS_PER_MS));
  const [hours, minutes, seconds] = [date.getHours(), date.getMinutes(), date.getSeconds()].map(
    (part) => part.toString().padStart(2, '0'),
  );
  const millis = date.getMilliseconds().toString().padStart(3, '0');
  return `${hours ?? ''}:${minutes ?? ''}:${seconds ?? ''}.${millis}`;
}
