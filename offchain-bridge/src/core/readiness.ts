import { offsetText, secondsText } from './clock-words.ts';

/** What is known when somebody asks whether this bridge can work. */
export interface Known {
  readonly answeredAgoMs: number | undefined;
  readonly clockOffsetMs: number | undefined;
  readonly accounts: readonly { readonly label: string; readonly problem: string | undefined }[];
  readonly isDraining: boolean;
}

export interface Check {
  readonly name: string;
  readonly isOk: boolean;
  readonly detail: string;
}

const SILENT_MS = 60_000;
/** Calls are signed with an expiry of minutes; a clock that is further off makes trouble. */
export const MAX_SKEW_MS = 120_000;

/** All that has to be so; the bridge is ready if every check is ok. */
export function readinessOf(known: Known): readonly Check[] {
  return [draining(known), canister(known), clock(known), accounts(known)];
}

function draining({ isDraining }: Known): Check {
  const detail = isDraining ? 'is being stopped and takes no new jobs' : 'takes jobs';
  return { name: 'running', isOk: !isDraining, detail };
}

function canister({ answeredAgoMs: ago }: Known): Check {
  const name = 'canister';
  if (ago === undefined) return { name, isOk: false, detail: 'has not answered yet' };
  return { name, isOk: ago <= SILENT_MS, detail: `answered ${secondsText(ago)} ago` };
}

function clock({ clockOffsetMs: offset }: Known): Check {
  const name = 'clock';
  if (offset === undefined) return { name, isOk: false, detail: 'not compared yet' };
  const isOk = Math.abs(offset) <= MAX_SKEW_MS;
  const fix = isOk ? '' : ': set the clock of this machine, by NTP for instance';
  return { name, isOk, detail: `${offsetText(offset)}${fix}` };
}

function accounts({ accounts: all }: Known): Check {
  const name = 'accounts';
  if (all.length === 0) {
    const detail = 'no seller has given this identity a cloud account yet';
    return { name, isOk: false, detail };
  }
  const broken = all.filter(({ problem }) => problem !== undefined);
  const usable = all.length - broken.length;
  const words = broken.map(({ label, problem }) => `${label}: ${problem ?? ''}`).join('; ');
  const count = `${usable.toString()} of ${all.length.toString()} usable`;
  return { name, isOk: usable > 0, detail: words === '' ? count : `${count}; ${words}` };
}
