import type { Treasury } from '../api/wire.ts';
import { msOfNs, tokenText } from './format.service.ts';

const DATE = new Intl.DateTimeFormat('en', {
  dateStyle: 'medium',
  timeStyle: 'short',
  timeZone: 'UTC',
});

/** What a dispute means for whoever reads it. */
export function disputeWords(
  dispute: Treasury.Dispute,
  {
    viewer,
    token,
  }: {
    readonly viewer: 'renter' | 'provider';
    readonly token: Pick<Treasury.Token, 'decimals' | 'symbol'>;
  },
): { readonly title: string; readonly lines: readonly string[] } {
  const { decimals, symbol } = token;
  const amount = (value: bigint): string => tokenText({ amount: value, decimals, symbol });
  const byRenter = 'Payer' in dispute.opened_by;
  const isOwn = byRenter === (viewer === 'renter');
  const [payerAgrees] = dispute.payer_agrees;
  const [providerAgrees] = dispute.provider_agrees;
  const said = (who: string, part: bigint): string =>
    `${who} agreed that the renter gets ${amount(part)} and the rest is split as agreed.`;
  return {
    title: `${isOwn ? 'You' : byRenter ? 'The renter' : 'The seller'} opened a dispute`,
    lines: [
      `${amount(dispute.frozen)} are frozen until it is decided, at the latest ` +
        `${DATE.format(msOfNs(dispute.deadline_at_ns))} UTC. Then what was measured decides.`,
      ...(payerAgrees === undefined
        ? []
        : [said(viewer === 'renter' ? 'You' : 'The renter', payerAgrees)]),
      ...(providerAgrees === undefined
        ? []
        : [said(viewer === 'provider' ? 'You' : 'The seller', providerAgrees)]),
      'When both sides name the same part for the renter, it is split so at once.',
    ],
  };
}
