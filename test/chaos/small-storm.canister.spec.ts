import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runChaos } from './run-chaos.ts';

/** Between these requests lies what could be done twice, or be forgotten. */
const COSTLY = /^(POST|DELETE) |report_step (Intent|Server|Succeeded)/;

/** A place at the account may be taken when the first asks. */
const MOST_QUESTIONS = 3;

/** For what hangs: alone it takes less than a minute. */
const LIMIT_MS = 600_000;

describe('a market in a storm', () => {
  it(
    'makes no server twice, leaves none and loses no rental',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'decent-cloud-chaos-'));
      const told: string[] = [];
      const outcome = await runChaos({
        seed: 5,
        bridges: 2,
        jobs: 6,
        atOnce: 6,
        isStormy: true,
        kills: { most: 2, at: (kind) => COSTLY.test(kind), restMaxMs: 5_000 },
        // How long it takes depends on what else the computer does; who asks for the job does not.
        handoverLimitMs: Number.POSITIVE_INFINITY,
        folder,
        signal: AbortSignal.timeout(LIMIT_MS),
        tell: (line) => told.push(line),
      });
      const { verdict, kills, mishaps } = outcome;
      expect(verdict.troubles, told.join('\n')).toEqual([]);
      expect(verdict).toMatchObject({ doubles: 0, orphans: 0, lost: 0, insolvent: 0 });
      expect(verdict.isSound).toBe(true);
      expect(verdict.rentals).toBeGreaterThanOrEqual(6);
      expect(verdict.active).toBeGreaterThan(0);
      expect(verdict.refunded).toBeGreaterThan(0);
      expect(verdict.active + verdict.refunded).toBe(6);
      expect(verdict.handovers).toBeGreaterThan(0);
      expect(Number.isFinite(verdict.handoverMaxMs)).toBe(true);
      // Each is given to one of the first who ask once the lease has ended, after 25 s.
      expect(verdict.questionsMax).toBeLessThanOrEqual(MOST_QUESTIONS);
      expect(kills).toBeGreaterThan(0);
      expect(mishaps).toBeGreaterThan(kills);
      expect(existsSync(folder)).toBe(false);
    },
    LIMIT_MS,
  );
});
