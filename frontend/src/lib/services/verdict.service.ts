import type { CanisterStatus } from './canister-status.service.ts';

export interface CanisterLine {
  readonly name: string;
  readonly canisterId: string;
  readonly status: CanisterStatus;
}

/** One sentence over all canisters, with its colour. */
export interface Verdict {
  readonly tone: 'waiting' | 'good' | 'bad';
  readonly text: string;
}

/** Silence outweighs waiting. */
export function verdictOf(lines: readonly CanisterLine[]): Verdict {
  const silent = lines.filter((line) => line.status.kind === 'silent');
  if (silent.length > 0) {
    return { tone: 'bad', text: `${silent.length} of ${lines.length} canisters do not answer.` };
  }
  if (lines.length === 0 || lines.some((line) => line.status.kind === 'checking')) {
    return { tone: 'waiting', text: 'Asking the canisters …' };
  }
  return { tone: 'good', text: `All ${lines.length} canisters answer.` };
}
