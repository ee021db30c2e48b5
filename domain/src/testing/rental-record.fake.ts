import { RECORD_FORMAT, type RentalRecord } from '../rental-record/rental-record.ts';

const machine = {
  type: 'cx23',
  location: 'fsn1',
  image: 'ubuntu-24.04',
  country: 'DE',
  arch: 'x86',
  cores: 2,
  memory_mb: 4_096,
  disk_gb: 40,
};
const recipe = { recipe: 3, name: 'nextcloud', version: '1.4.2', script_sha256: 'ab'.repeat(32) };

/** A closed rental with everything in it. */
export function givenRecord(change: Partial<RentalRecord> = {}): RentalRecord {
  return {
    format: RECORD_FORMAT,
    id: 7,
    title: 'cx23 in Falkenstein',
    state: 'closed',
    renter: 1,
    provider: 2,
    author: null,
    created_at: '2026-11-01T00:00:00Z',
    started_at: '2026-11-01T00:01:00Z',
    closed_at: '2026-11-20T00:00:00Z',
    outcome: {
      cause: 'renter-cancelled',
      reason: 'You cancelled, "for now".',
      ended_at: '2026-11-19T23:00:00Z',
    },
    terms: {
      offering: 5,
      backend: 'hetzner',
      choices: [machine],
      recipe,
      ledger: 'xevnm-gaaaa-aaaar-qafnq-cai',
      price_per_month_usd: '4.5',
      total_usd: '4.5',
      term_seconds: 2_592_000,
      platform_bps: 300,
      author_bps: 500,
      sla_credits: [{ below_ppm: 999_000, credit_bps: 1_000 }],
      notice_seconds: 0,
      provision_within_seconds: 900,
      provider_penalty_bps: 0,
      frozen_at: '2026-11-01T00:00:00Z',
    },
    choice: 0,
    recipe: null,
    periods: [
      {
        escrow: 11,
        status: 'settled',
        amount: '4500000',
        term_seconds: 2_592_000,
        started_at_ns: '1793491260000000000',
      },
    ],
    timeline: [{ step: 'paid', at: '2026-11-01T00:00:00Z' }],
    timeline_left_out: 0,
    log_tail: 'done\n',
    log_bytes: 5,
    health: {
      uptime_ppm: 996_527,
      up: 287,
      down: 1,
      excluded: 0,
      unknown: 0,
      days: [{ day: '2026-11-01', up: 287, down: 1, excluded: 0, unknown: 0 }],
    },
    ...change,
  };
}
