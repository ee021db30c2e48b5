import { CanisterUnavailable } from '../ports/canister-errors.ts';
import type { CloudProvider } from '../ports/cloud.port.ts';
import type { MachineVisit, MachineWork } from '../ports/machine-work.port.ts';
import type { FakeClock } from './fake-clock.fake.ts';
import type { Life } from './mortal.fake.ts';
import type { EnginePort } from './rental-port.fake.ts';

/** How a call to the canister goes. */
export type CallFate =
  | { readonly kind: 'fine'; readonly afterMs: number }
  /** It never arrives. */
  | { readonly kind: 'lost-request' }
  /** It is taken in, and nobody hears of it. */
  | { readonly kind: 'lost-answer' }
  /** It is taken in twice. */
  | { readonly kind: 'twice' }
  /** It is taken in so much later, when nobody waits for it any more. */
  | { readonly kind: 'late'; readonly byMs: number };

const GIVEN_UP_MS = 15_000;

/** The canister over a bad network, for a process that may die. */
export function roughCanister(
  port: EnginePort,
  around: { readonly clock: FakeClock; readonly life: Life; readonly fate: () => CallFate },
): EnginePort {
  const { clock, life, fate } = around;
  const call = <T>(act: () => Promise<T>): Promise<T> => life.step(() => send(clock, fate(), act));
  return {
    claimJobs: (request) => call(() => port.claimJobs(request)),
    getJob: (lease) => call(() => port.getJob(lease)),
    renewLeases: (leases) => call(() => port.renewLeases(leases)),
    reportStep: (report) => call(() => port.reportStep(report)),
    releaseJob: (lease) => call(() => port.releaseJob(lease)),
    publishCatalogue: (id, reading) => call(() => port.publishCatalogue(id, reading)),
    clockOffsetMs: () => port.clockOffsetMs(),
  };
}

async function send<T>(clock: FakeClock, fate: CallFate, act: () => Promise<T>): Promise<T> {
  switch (fate.kind) {
    case 'fine':
      await clock.sleep(fate.afterMs);
      return act();
    case 'twice': {
      const answer = await act();
      await act();
      return answer;
    }
    case 'lost-request':
      await clock.sleep(GIVEN_UP_MS);
      throw new CanisterUnavailable('there was no answer');
    case 'lost-answer':
      await act();
      await clock.sleep(GIVEN_UP_MS);
      throw new CanisterUnavailable('there was no answer');
    case 'late':
      // What comes of it is for nobody; a refusal is none of the world's troubles.
      void clock
        .sleep(fate.byMs)
        .then(act)
        .catch(() => undefined);
      await clock.sleep(GIVEN_UP_MS);
      throw new CanisterUnavailable('there was no answer');
  }
}

/** The cloud for a process that may die. */
export function mortalCloud(cloud: CloudProvider, life: Life): CloudProvider {
  return {
    validate: (signal) => life.step(() => cloud.validate(signal)),
    catalogue: (signal) => life.step(() => cloud.catalogue(signal)),
    findByName: (name, signal) => life.step(() => cloud.findByName(name, signal)),
    create: (spec, accepted, signal) =>
      life.step(() => cloud.create(spec, (id) => life.step(() => accepted(id)), signal)),
    get: (id, signal) => life.step(() => cloud.get(id, signal)),
    peek: (id, maxAgeMs, signal) => life.step(() => cloud.peek(id, maxAgeMs, signal)),
    delete: (id, signal) => life.step(() => cloud.delete(id, signal)),
    power: (id, order, signal) => life.step(() => cloud.power(id, order, signal)),
    listManaged: (installation, signal) => life.step(() => cloud.listManaged(installation, signal)),
    usage: () => cloud.usage(),
  };
}

/** Looks at what a process is about to change, before the world hears of it. */
export function watchedCloud(
  cloud: CloudProvider,
  watch: {
    readonly create: (name: string) => void;
    readonly change: (externalId: string) => void;
  },
): CloudProvider {
  return {
    ...cloud,
    create: (spec, accepted, signal) => {
      watch.create(spec.name);
      return cloud.create(spec, accepted, signal);
    },
    delete: (id, signal) => {
      watch.change(id);
      return cloud.delete(id, signal);
    },
    power: (id, order, signal) => {
      watch.change(id);
      return cloud.power(id, order, signal);
    },
  };
}

/** Machines for a process that may die. What a dead one told is not heard. */
export function mortalMachines(machines: MachineWork, life: Life): MachineWork {
  return {
    ...machines,
    reach: (machine, signal) => life.step(() => machines.reach(machine, signal)),
    enter: async (machine, jobId, signal) =>
      mortalVisit(await life.step(() => machines.enter(machine, jobId, signal)), life),
    checkHealth: (machine, check, signal) =>
      life.step(() => machines.checkHealth(machine, check, signal)),
    sealedCredentials: (rental, recipe, recipient) =>
      life.step(() => machines.sealedCredentials(rental, recipe, recipient)),
  };
}

function mortalVisit(visit: MachineVisit, life: Life): MachineVisit {
  return {
    wasStarted: (part) => life.step(() => visit.wasStarted(part)),
    run: (run, news, signal) => {
      const heard: typeof news = {
        log: (offset, bytes) => {
          if (!life.isDead) news.log(offset, bytes);
        },
        step: (index, of, note) => {
          if (!life.isDead) news.step(index, of, note);
        },
      };
      return life.step(() => visit.run(run, heard, signal));
    },
    replaceKeys: (lines, signal) => life.step(() => visit.replaceKeys(lines, signal)),
    leave: (signal) => life.step(() => visit.leave(signal)),
    hangUp: () => visit.hangUp(),
  };
}
