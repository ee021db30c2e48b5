import { gauge, type Metric, type Sample } from '@decent-cloud/kit/http/metrics.ts';
import type { Solvency } from '../flows/solvency.ts';
import type { TreasuryFigures } from '../flows/treasury-health.ts';

/** The treasury's figures for `/metrics`; amounts in the smallest unit of each token. */
export function treasuryMetrics(figures: TreasuryFigures): readonly Metric[] {
  const { tokens, due } = figures;
  const perToken = (name: string, help: string, value: (one: Solvency) => Sample['value']) => ({
    ...{ name: `dc_treasury_${name}`, help, kind: 'gauge' as const },
    samples: tokens.map((one) => ({ labels: { token: one.symbol }, value: value(one) })),
  });
  const single = (name: string, help: string, value: number | bigint) =>
    gauge({ name: `dc_treasury_${name}`, help, value });
  return [
    single('tokens', 'Tokens that are configured', tokens.length),
    single('events', 'Entries in the event journal', figures.eventCount),
    perToken('held', 'Held on the ledger', (one) => one.ledgerBalance),
    perToken('difference', 'Held less owed; anything but 0 needs a look', (one) => one.difference),
    perToken('shortfall', 'Missing on the ledger; must be 0', (one) => one.shortfall),
    perToken('surplus', 'Sent to the treasury beyond what is owed', (one) => one.surplus),
    perToken(
      'parked_transfers',
      'Transfers whose outcome nobody knows; each needs a look',
      (one) => one.parkedCount,
    ),
    perToken('open_escrows', 'Paid and not settled yet', (one) => one.openEscrowCount),
    single('due_escrows', 'Escrows that wait for their turn', due.escrows),
    single('due_transfers', 'Transfers that wait for their turn', due.transfers),
    single('due_audits', 'Escrows that wait for their audit', due.audits),
    single(
      'overdue_seconds',
      'For how long the oldest due escrow has waited for its turn',
      figures.overdueSeconds,
    ),
    single(
      'oldest_transfer_seconds',
      'Age of the oldest transfer that is not over and not parked',
      figures.oldestTransferSeconds,
    ),
  ];
}
