import type { RentalTerms } from '../../../dist/canisters/treasury/declarations/treasury.did.ts';
import type { Sim } from '../sim.ts';
import { AUTHORS, PAYERS, PROVIDERS } from '../world/cast.ts';

const MINUTE_NS = 60_000_000_000n;
const HOUR_NS = 60n * MINUTE_NS;
const DAY_NS = 24n * HOUR_NS;
const PLATFORM_BPS = 300;
const TERMS_NS = [HOUR_NS, 20n * HOUR_NS, 3n * DAY_NS, 7n * DAY_NS, 30n * DAY_NS] as const;
const CENT_E8 = 1_000_000n;

/** Terms such as sellers could offer, odd ones among them. All of them are allowed. */
export function randomTerms(sim: Sim, rentalId: bigint): RentalTerms {
  const { random } = sim;
  const termNs = random.pick(TERMS_NS) + sim.big(HOUR_NS);
  const authorBps = random.isOneIn(3) ? 0 : 1 + random.below(1_000);
  return {
    rental_id: rentalId,
    draft_hash: new Uint8Array(32).fill(random.below(256)),
    payer: random.pick(PAYERS),
    ledger: random.pick(sim.net.tokens).ledgerId,
    total_usd_e8: randomUsdE8(sim),
    term_ns: termNs,
    provider: random.pick(PROVIDERS),
    author: authorBps === 0 ? [] : [random.pick(AUTHORS)],
    split: { platform_bps: PLATFORM_BPS, author_bps: authorBps },
    notice_ns: random.pick([0n, HOUR_NS, termNs, sim.big(termNs)]),
    provision_within_ns: random.pick([5n * MINUTE_NS, HOUR_NS, 26n * HOUR_NS, 32n * DAY_NS]),
    sla_credits: randomSlaCredits(sim),
    provider_penalty_bps: random.pick([0, 0, 1_000, 2_000, 10_000, random.below(10_001)]),
  };
}

/** From little more than is worth a payment up to some thousand dollars, odd amounts mostly. */
function randomUsdE8(sim: Sim): bigint {
  const most = sim.random.pick([60n * CENT_E8, 1_500n * CENT_E8, 300_000n * CENT_E8]);
  return 22n * CENT_E8 + sim.big(most);
}

function randomSlaCredits(sim: Sim): RentalTerms['sla_credits'] {
  const rows: RentalTerms['sla_credits'] = [];
  let belowPpm = 1_000_001;
  let creditBps = 0;
  for (let left = sim.random.below(4); left > 0; left -= 1) {
    belowPpm -= 1 + sim.random.below(200_000);
    creditBps = Math.min(10_000, creditBps + sim.random.below(4_000));
    rows.push({ below_ppm: belowPpm, credit_bps: creditBps });
  }
  return rows;
}
