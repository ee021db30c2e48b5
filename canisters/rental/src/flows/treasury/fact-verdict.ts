import type { FactVerdict } from '../../core/treasury/fact-line.ts';
import type { FactAnswer } from './treasury-client.ts';
import type { NumberedFact } from './treasury-wire.ts';

/** Phases before the deposit is confirmed: what is refused then may be taken in later. */
const NOT_YET = ['quoted', 'depositing'];

/** What a treasury's answer means for the fact that it is about. */
export function verdictOf(answer: FactAnswer, { seq, fact }: NumberedFact): FactVerdict {
  if (answer.kind === 'ok') return { kind: 'taken' };
  const { kind, leaf, message } = answer.error;
  if (kind !== 'request' || leaf === undefined) return { kind: 'later' };
  const refused: FactVerdict = { kind: 'refused', reason: message };
  switch (leaf.kind) {
    case 'out-of-order':
      return leaf.expected === seq
        ? { kind: 'later' }
        : { kind: 'renumber', expected: leaf.expected };
    case 'wrong-phase':
      if (NOT_YET.includes(leaf.phase)) return { kind: 'later' };
      // It ended by itself or by a decision before we said so: that is what we wanted to say.
      return fact.kind === 'ended' ? { kind: 'taken' } : refused;
    case 'invalid-fact':
    case 'not-found':
    case 'not-allowed':
    case 'invalid-argument':
      return refused;
    default:
      return { kind: 'later' };
  }
}
