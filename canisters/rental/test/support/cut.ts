import type { ReplicaEvent, ReplicaOptions } from '@decent-cloud/localnet/core/replica-api.ts';
import { rentalWorld, type RentalWorld } from './rental-world.ts';

/** The least that does something: waking up to find nothing due costs less. */
const IDLE_INSTRUCTIONS = 600_000n;
const TIMER = '<ic-cdk internal> timer_executor';

type Executed = Extract<ReplicaEvent, { kind: 'executed' }>;

/** One execution of the rental canister that nobody called: after an await, or by a timer. */
export interface Execution {
  /** Among all of that name, from 0. */
  readonly entry: string;
  readonly number: number;
  readonly instructions: bigint;
}

function isOwn({ entry }: Pick<Executed, 'entry'>): boolean {
  if (entry === `canister_update ${TIMER}`) return true;
  return entry.startsWith('reply callback of ') && !entry.includes('canister_global_timer');
}

/** What a flow makes the canister execute by itself, as far as it does anything. */
export function executionsOf(flow: (r: RentalWorld) => void): readonly Execution[] {
  const r = rentalWorld();
  const executions: Execution[] = [];
  const seen = new Map<string, number>();
  r.world.onEvent((event) => {
    if (event.kind !== 'executed' || event.canisterId.compareTo(r.rentalId) !== 'eq') return;
    if (!isOwn(event)) return;
    const { entry, instructions } = event;
    const number = seen.get(entry) ?? 0;
    seen.set(entry, number + 1);
    executions.push({ entry, number, instructions });
  });
  flow(r);
  return executions.filter(({ instructions }) => instructions >= IDLE_INSTRUCTIONS);
}

/** A world in which one execution may use so few instructions that it traps. */
export function cutWorld(cut: Execution & { readonly after: bigint }): {
  readonly r: RentalWorld;
  /** True once that execution was cut. */
  readonly isCut: () => boolean;
} {
  let number = 0;
  let isCut = false;
  const cutShort: NonNullable<ReplicaOptions['cutShort']> = ({ canisterId, entry }) => {
    if (entry !== cut.entry || canisterId.compareTo(r.rentalId) !== 'eq') return undefined;
    number += 1;
    if (number !== cut.number + 1) return undefined;
    isCut = true;
    return cut.after;
  };
  const r = rentalWorld({ cutShort });
  return { r, isCut: () => isCut };
}
