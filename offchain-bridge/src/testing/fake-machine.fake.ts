import type { JobId } from '../core/ids.ts';
import { WorkError } from '../core/work-error.ts';
import type {
  HealthAnswer,
  MachineRef,
  MachineVisit,
  MachineWork,
  Reach,
  ScriptEnd,
  ScriptNews,
  ScriptPart,
  ScriptRun,
} from '../ports/machine-work.port.ts';
import type { Clock } from '../ports/clock.port.ts';
import type { FakeCloud } from './fake-cloud.fake.ts';

/** What a script does: lines of its log, how it ends, and how long it takes. */
export interface ScriptPlot {
  readonly lines: readonly string[];
  readonly exitCode: number;
  readonly takesMs: number;
}

interface Run {
  readonly startedAtMs: number;
  readonly endsAtMs: number;
  readonly log: Uint8Array;
  readonly exitCode: number;
  readonly script: string;
}

interface Machine {
  readonly runs: Map<string, Run>;
  keys: readonly string[];
  isDoorOpen: boolean;
}

const TRY_MS = 200;
const SSH_AFTER_MS = 15_000;
const PIECE_BYTES = 64;
const PLOT: ScriptPlot = {
  lines: ['#dc-step 1/1 Installing', 'done'],
  exitCode: 0,
  takesMs: 5_000,
};

/**
 * Machines of a fake cloud: they answer SSH a while after they were made, run each script once whoever
 * asks, and are healthy if the last script that ended well is not called sick.
 */
export class FakeMachines {
  readonly #cloud: FakeCloud;
  readonly #clock: Clock;
  readonly #sshAfterMs: number;
  readonly #tryMs: number;
  readonly #machines = new Map<string, Machine>();
  /** How a script runs; a test replaces it. */
  plot: (script: string) => ScriptPlot = () => PLOT;
  isHealthy: (script: string) => boolean = (script) => !script.includes('sick');
  reachable: (machine: MachineRef) => Reach | undefined = () => undefined;
  isDoorTaken = false;
  /** `server job part`, each time that a script was started. */
  readonly started: string[] = [];

  /** `pace`: as of the cloud. */
  constructor(cloud: FakeCloud, clock: Clock, pace = 1) {
    this.#cloud = cloud;
    this.#clock = clock;
    this.#sshAfterMs = SSH_AFTER_MS * pace;
    this.#tryMs = TRY_MS * pace;
  }

  keysOf(externalId: string): readonly string[] {
    return this.#machine(externalId).keys;
  }

  isDoorOpenAt(externalId: string): boolean {
    return this.#machine(externalId).isDoorOpen;
  }

  /** What one bridge process does at them; its waits are on its own clock. */
  work(clock: Clock = this.#clock): MachineWork {
    return {
      sshUser: 'root',
      sshPort: 22,
      userData: ({ installation, rentalId }, keys) =>
        `#cloud-config ${installation} ${rentalId} ${keys.join(' ')}`,
      hostKey: ({ rentalId }) => ({
        line: `ssh-ed25519 key-${rentalId}`,
        fingerprint: `SHA256:${rentalId}`,
      }),
      reach: async (machine, signal) => {
        await clock.sleep(this.#tryMs, signal);
        return this.#reach(machine);
      },
      enter: async (machine, jobId, signal) => {
        await clock.sleep(this.#tryMs, signal);
        return this.#enter(machine, jobId, clock);
      },
      checkHealth: async (machine, _check, signal) => {
        await clock.sleep(this.#tryMs, signal);
        return this.#check(machine);
      },
      sealedCredentials: async ({ rentalId }, { generatedSecrets }, recipient) => {
        await clock.sleep(1);
        if (generatedSecrets.length === 0) return undefined;
        return new TextEncoder().encode(`sealed to ${recipient} for ${rentalId}`);
      },
    };
  }

  #reach(machine: MachineRef): Reach {
    const answer = this.reachable(machine);
    if (answer !== undefined) return answer;
    const server = this.#cloud.servers().find(({ ipv4 }) => ipv4 === machine.ipv4);
    const isUp = server?.status === 'running' && this.#ageMs(server) >= this.#sshAfterMs;
    return isUp ? { kind: 'reached' } : { kind: 'not-yet', reason: 'connection refused' };
  }

  #enter(machine: MachineRef, jobId: JobId, clock: Clock): MachineVisit {
    const id = this.#idAt(machine);
    if (this.isDoorTaken) {
      throw new WorkError('config', 'The renter has taken the door out of the machine.');
    }
    const at = this.#machine(id);
    at.isDoorOpen = true;
    return {
      wasStarted: async (part) => {
        await clock.sleep(this.#tryMs);
        return at.runs.has(runKey(jobId, part));
      },
      run: (run, news, signal) => this.#run({ id, at, run, news, signal, clock }),
      replaceKeys: async (lines, signal) => {
        await clock.sleep(this.#tryMs, signal);
        at.keys = lines;
      },
      leave: async (signal) => {
        await clock.sleep(this.#tryMs, signal);
        at.isDoorOpen = false;
      },
      hangUp: () => undefined,
    };
  }

  async #run(asked: {
    readonly id: string;
    readonly at: Machine;
    readonly run: ScriptRun;
    readonly news: ScriptNews;
    readonly signal: AbortSignal;
    readonly clock: Clock;
  }): Promise<ScriptEnd> {
    const { id, at, run, news, signal, clock } = asked;
    await clock.sleep(this.#tryMs, signal);
    const key = runKey(run.jobId, run.part);
    const running = at.runs.get(key) ?? this.#start(id, at, run);
    let told = run.logFrom;
    for (;;) {
      this.#idAt(run.machine);
      const seen = this.#printed(running);
      while (told < seen) {
        const piece = running.log.subarray(told, Math.min(told + PIECE_BYTES, seen));
        news.log(told, piece);
        tellSteps(running.log.subarray(0, told + piece.length), told, news);
        told += piece.length;
      }
      if (this.#clock.monotonicMs() >= running.endsAtMs) break;
      await clock.sleep(this.#tryMs, signal);
    }
    const logBytes = running.log.length;
    if (running.exitCode === 0) return { kind: 'succeeded', logBytes };
    const reason = `The recipe failed (exit ${running.exitCode}).`;
    return { kind: 'failed', reason, logBytes };
  }

  #start(id: string, at: Machine, run: ScriptRun): Run {
    const { lines, exitCode, takesMs } = this.plot(run.script);
    const startedAtMs = this.#clock.monotonicMs();
    const running = {
      startedAtMs,
      endsAtMs: startedAtMs + Math.min(takesMs, run.timeLimitMs),
      log: new TextEncoder().encode(lines.map((line) => `${line}\n`).join('')),
      exitCode: takesMs > run.timeLimitMs ? 124 : exitCode,
      script: run.script,
    };
    at.runs.set(runKey(run.jobId, run.part), running);
    this.started.push(`${id} ${runKey(run.jobId, run.part)}`);
    return running;
  }

  #printed({ startedAtMs, endsAtMs, log }: Run): number {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs >= endsAtMs) return log.length;
    return Math.floor((log.length * (nowMs - startedAtMs)) / (endsAtMs - startedAtMs));
  }

  #check(machine: MachineRef): HealthAnswer {
    const { runs } = this.#machine(this.#idAt(machine));
    const nowMs = this.#clock.monotonicMs();
    const ended = [...runs.values()].filter((run) => run.endsAtMs <= nowMs && run.exitCode === 0);
    const last = ended.at(-1);
    const isHealthy = last !== undefined && this.isHealthy(last.script);
    return { isHealthy, detail: isHealthy ? 'HTTP 200' : 'connection refused' };
  }

  #idAt({ ipv4 }: MachineRef): string {
    const server = this.#cloud.servers().find((one) => one.ipv4 === ipv4);
    if (server?.status === 'running') return server.externalId;
    throw new WorkError('transient', 'The machine does not answer.');
  }

  #machine(id: string): Machine {
    const known = this.#machines.get(id);
    if (known !== undefined) return known;
    const made: Machine = { runs: new Map(), keys: [], isDoorOpen: false };
    this.#machines.set(id, made);
    return made;
  }

  #ageMs({ createdAtMs }: { readonly createdAtMs: number | undefined }): number {
    return this.#clock.monotonicMs() - (createdAtMs ?? 0);
  }
}

/** Steps whose lines end after `from`. */
function tellSteps(printed: Uint8Array, from: number, news: ScriptNews): void {
  const text = new TextDecoder().decode(printed);
  for (const match of text.matchAll(/^#dc-step (\d+)\/(\d+) (.*)\n/gm)) {
    const [line, index, of, note] = match;
    if (match.index + line.length > from) news.step(Number(index), Number(of), note ?? '');
  }
}

function runKey(jobId: JobId, part: ScriptPart): string {
  return `${jobId} ${part}`;
}
