import type { Escrow, Fact } from '../../../dist/canisters/treasury/declarations/treasury.did.ts';
import { isOver, type Sim } from '../sim.ts';
import { RENTAL } from '../world/cast.ts';

type Body = Fact['fact'];
type Cause = Extract<Body, { Ended: unknown }>['Ended']['cause'];

const MINUTE_NS = 60_000_000_000n;
const CAUSES: readonly [Cause, ...Cause[]] = [
  { RenterCancelled: null },
  { RenterCancelled: null },
  { ProviderCancelled: null },
  { ProviderFailed: null },
  { TermEnded: null },
  { NotProvisioned: null },
];

/** The rental canister reports what happened to one paid rental, now and then nonsense. */
export function report(sim: Sim): void {
  const id = sim.pickFrom([...sim.known.escrows.keys()]);
  if (id === undefined) return;
  const escrow = sim.escrow(id);
  if (escrow === undefined || (isOver(escrow) && !sim.random.isOneIn(8))) return;
  const { random } = sim;
  const next = escrow.fact_seq + 1n;
  const facts: Fact[] = [{ escrow_id: id, seq: next, fact: randomFact(sim, escrow) }];
  if (random.isOneIn(4)) facts.push({ escrow_id: id, seq: next, fact: randomFact(sim, escrow) });
  if (random.isOneIn(4)) {
    const seq = random.pick([0n, 1n, next + 1n, next + 2n]);
    facts.splice(random.below(2), 0, { escrow_id: id, seq, fact: randomFact(sim, escrow) });
  }
  if (random.isOneIn(6)) facts.reverse();
  tell(sim, facts);
}

/** Starts what is paid, so that most rentals live. */
export function start(sim: Sim): void {
  for (const [id, { sources, facts }] of sim.known.escrows) {
    if (sources.length === 0 || facts.size > 0) continue;
    const escrow = sim.escrow(id);
    if (escrow === undefined || !('Funded' in escrow.phase)) continue;
    const fact: Body = { Started: { at_ns: sim.now } };
    tell(sim, [{ escrow_id: id, seq: escrow.fact_seq + 1n, fact }]);
  }
}

/** Hands facts in and remembers which were taken. */
function tell(sim: Sim, facts: readonly Fact[]): void {
  const answers = sim.settle(sim.net.submitAs(RENTAL).report_facts([...facts]));
  if (answers === undefined) return;
  if ('Err' in answers) {
    sim.wrong(`facts were refused: ${answers.Err.message}`);
    return;
  }
  facts.forEach(({ escrow_id: id, seq, fact }, index) => {
    const answer = answers.Ok[index];
    if (answer === undefined) {
      sim.wrong(`fact ${seq} of escrow ${id} has no answer`);
      return;
    }
    const isTaken = 'Ok' in answer && !answer.Ok.is_duplicate;
    const [kind] = Object.keys(fact);
    sim.say(`fact ${seq} of escrow ${id}, ${kind ?? ''}: ${isTaken ? 'taken' : 'not taken'}`);
    if (!isTaken) return;
    sim.count('fact');
    const taken = sim.known.escrows.get(id)?.facts;
    if (taken === undefined || taken.has(seq)) sim.wrong(`fact ${seq} was taken twice`);
    taken?.set(seq, fact);
  });
}

function randomFact(sim: Sim, escrow: Escrow): Body {
  const { random } = sim;
  if (random.isOneIn(10)) return nonsense(sim);
  if ('Funded' in escrow.phase) {
    if (random.isOneIn(6)) return ended(sim, sim.now);
    return {
      Started: { at_ns: sim.now - sim.big((sim.now - escrow.phase.Funded.at_ns) / 2n + 1n) },
    };
  }
  const [startedAt = sim.now] = escrow.started_at_ns;
  const since = lastReported(sim, escrow) ?? startedAt;
  const at = since + sim.big(sim.now - since + 1n);
  const kind = random.weighted({ outage: 4, pause: 3, end: 1, unproven: 1 });
  if (kind === 'pause') {
    const isPaused = escrow.paused_since_ns.length > 0;
    return isPaused ? { Resumed: { at_ns: at } } : { Paused: { at_ns: at } };
  }
  if (kind === 'outage') return { Outage: { from_ns: at, to_ns: at + sim.big(sim.now - at + 1n) } };
  if (kind === 'unproven') return { Unproven: { unknown_ppm: 1 + random.below(1_000_000) } };
  return ended(sim, random.isOneIn(2) ? sim.now : at);
}

function ended(sim: Sim, at: bigint): Body {
  return { Ended: { at_ns: at, cause: sim.random.pick(CAUSES) } };
}

/** In the future, before everything, or the wrong way round. */
function nonsense(sim: Sim): Body {
  const at = sim.random.pick([
    0n,
    sim.now + MINUTE_NS,
    sim.now - sim.big(90n * 24n * 60n * MINUTE_NS),
  ]);
  return sim.random.pick<Body>([
    { Started: { at_ns: at } },
    { Paused: { at_ns: at } },
    { Resumed: { at_ns: at } },
    { Outage: { from_ns: at, to_ns: at - 1n > 0n ? at - 1n : 0n } },
    { Unproven: { unknown_ppm: sim.random.pick([0, 1_000_001]) } },
    { Ended: { at_ns: at, cause: sim.random.pick(CAUSES) } },
  ]);
}

/** When the last thing was that the treasury took in. */
function lastReported(sim: Sim, escrow: Escrow): bigint | undefined {
  const facts = sim.known.escrows.get(escrow.escrow_id)?.facts;
  for (let seq = escrow.fact_seq; seq > 0n; seq -= 1n) {
    const fact = facts?.get(seq);
    if (fact === undefined) return undefined;
    if ('Outage' in fact) return fact.Outage.to_ns;
    if ('Unproven' in fact) continue;
    return Object.values(fact as Record<string, { at_ns: bigint }>)[0]?.at_ns;
  }
  return undefined;
}
