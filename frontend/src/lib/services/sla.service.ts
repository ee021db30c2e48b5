import { MAX_UNKNOWN_PPM } from '@decent-cloud/domain/fees.ts';
import { bpsText, durationText, ppmText, tokenText, type TokenAmount } from './format.service.ts';

type Token = Omit<TokenAmount, 'amount'>;

const ALL_PPM = 1_000_000n;
const ALL_BPS = 10_000n;
const NS_PER_SECOND = 1_000_000_000n;

/** Uptime below `belowPpm` gives `creditBps` of what vested back; the last row that applies counts. */
export interface SlaRow {
  readonly belowPpm: number;
  readonly creditBps: number;
}

export interface SlaFacts {
  readonly table: readonly SlaRow[];
  /** Since the start, until the end or now, without pauses. */
  readonly dueNs: bigint;
  /** As the treasury was told. */
  readonly outageNs: bigint;
  /** In the token's smallest unit, before anything goes back. */
  readonly vested: bigint;
}

/** The credit, with every number that leads to it. */
export interface SlaSum {
  readonly uptimePpm: number | undefined;
  readonly row: SlaRow | undefined;
  readonly credit: bigint;
  readonly left: bigint;
}

/** As the treasury computes it; without any time that counts, nothing was down. */
export function slaSum({ table, dueNs, outageNs, vested }: SlaFacts): SlaSum {
  const upNs = dueNs - outageNs;
  const applies =
    dueNs <= 0n ? [] : table.filter(({ belowPpm }) => upNs * ALL_PPM < BigInt(belowPpm) * dueNs);
  const row = applies.at(-1);
  const left = (vested * (ALL_BPS - BigInt(row?.creditBps ?? 0))) / ALL_BPS;
  const uptimePpm = dueNs <= 0n ? undefined : Number((upNs * ALL_PPM) / dueNs);
  return { uptimePpm, row, credit: vested - left, left };
}

/** The computation in sentences, one step each. */
export function slaSteps(facts: SlaFacts, token: Token): readonly string[] {
  const { uptimePpm, row, credit } = slaSum(facts);
  const { dueNs, outageNs, vested } = facts;
  if (uptimePpm === undefined)
    return ['Nothing to compute: it has not started, or everything is settled.'];
  const amount = (value: bigint): string => tokenText({ amount: value, ...token });
  const steps = [
    `Time that counts: ${spanText(dueNs)}; down in it, as told to the treasury: ${spanText(outageNs)}.`,
    `Uptime: (${spanText(dueNs)} − ${spanText(outageNs)}) ÷ ${spanText(dueNs)} = ${ppmText(uptimePpm)}.`,
  ];
  if (row === undefined) {
    return [...steps, 'No row of the table applies: no credit is due so far.'];
  }
  return [
    ...steps,
    `Below ${thresholdText(row.belowPpm)}: ${bpsText(row.creditBps)} of what vested goes back.`,
    `Credit: ${amount(vested)} × ${bpsText(row.creditBps)} = ${amount(credit)}, paid at the end.`,
  ];
}

/** The table in words; `isApplied` marks the row that counts now. */
export function slaRows(
  table: readonly SlaRow[],
  applied: SlaRow | undefined,
): readonly { readonly below: string; readonly credit: string; readonly isApplied: boolean }[] {
  return table.map((row) => ({
    below: `below ${thresholdText(row.belowPpm)}`,
    credit: bpsText(row.creditBps),
    isApplied: row === applied,
  }));
}

/** Millionths as the seller promised them: `99.9 %`. */
export function thresholdText(ppm: number): string {
  return `${ppm / 10_000} %`;
}

/** How much longer it may be down before the first credit. */
export function allowedText(allowedNs: bigint | undefined): string {
  if (allowedNs === undefined) return 'The seller promised no uptime for this rental.';
  if (allowedNs <= 0n) return 'Used up: the first row of the table applies if it stays so.';
  return `${spanText(allowedNs)} left in this period before the first credit.`;
}

/** What it means that too much was not measured; undefined if enough was. */
export function unprovenText(unprovenPpm: number | undefined): string | undefined {
  if (unprovenPpm === undefined || unprovenPpm <= MAX_UNKNOWN_PPM) return undefined;
  return (
    `${ppmText(unprovenPpm)} of this period was not measured. That is more than 5 %, so the credit is ` +
    'not settled at once: what is held back waits for 14 days. Agree on a split or open a dispute in ' +
    'that time; without either, the checks that were made decide.'
  );
}

function spanText(ns: bigint): string {
  return durationText(Number(ns / NS_PER_SECOND));
}
