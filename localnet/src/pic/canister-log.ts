import type { Principal } from '@dfinity/principal';

const NS_PER_MS = 1_000_000n;
const NS_PER_S = 1_000_000_000n;

/** A canister's print as the PocketIC server writes it to standard error. */
export function printedLine(
  print: { readonly canisterId: Principal; readonly text: string },
  timeNs: bigint,
): string {
  return `${timeText(timeNs)}: [Canister ${print.canisterId.toText()}] ${print.text}\n`;
}

function timeText(timeNs: bigint): string {
  const seconds = new Date(Number(timeNs / NS_PER_MS)).toISOString().slice(0, 19);
  const fraction = (timeNs % NS_PER_S).toString().padStart(9, '0');
  return `${seconds.replace('T', ' ')}.${fraction} UTC`;
}
