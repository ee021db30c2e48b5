import { describe, expect, it } from 'vitest';
import type { JobTask, RecipeWork } from '../core/job-work.ts';
import { BridgeWorld, recipeOf } from '../testing/bridge-world.fake.ts';
import { isOver, type FakeJob } from '../testing/rental-rows.fake.ts';

const RENTAL = 1 as never;

/** A rental that runs, and a bridge. */
async function running(recipe?: RecipeWork) {
  const world = new BridgeWorld();
  const row = world.rent({ recipe });
  const bridge = world.bridge();
  await world.untilState(row, 'active');
  const done = async (task: JobTask): Promise<FakeJob> => {
    const job = world.market.order(task);
    await world.clock.until(() => isOver(job));
    return job;
  };
  return { world, row, bridge, done };
}

function upgrade(from: RecipeWork, to: RecipeWork): JobTask {
  return { kind: 'upgrade-recipe', rentalId: RENTAL, from: from.version, to: to.version };
}

function logOf(job: FakeJob): string {
  return new TextDecoder().decode(job.log);
}

describe('upgradeRecipe', () => {
  const old = recipeOf('old');

  it('runs the new version, with its own log', async () => {
    const { world, row, bridge, done } = await running(old);
    const next = recipeOf('new');
    world.machines.plot = (script) => ({ lines: [`runs ${script}`], exitCode: 0, takesMs: 2_000 });
    row.work = { ...row.work, recipe: next, previous: old };
    const job = await done(upgrade(old, next));
    expect(job.state).toEqual({ kind: 'done', result: 'upgraded' });
    expect(logOf(job)).toBe('runs new\n');
    expect(world.machines.isDoorOpenAt('srv-1')).toBe(false);
    await bridge.stop();
  });

  it.each([
    ['fails', 1, 'new', /exit 1/],
    ['is not healthy', 0, 'sick', /not healthy/],
  ])('puts the old version back if the new one %s', async (_, exitCode, script, reason) => {
    const { world, row, bridge, done } = await running(old);
    const next = recipeOf(script);
    world.machines.plot = (name) => ({
      lines: [`runs ${name}`],
      exitCode: name === script ? exitCode : 0,
      takesMs: 2_000,
    });
    row.work = { ...row.work, recipe: next, previous: old };
    const job = await done(upgrade(old, next));
    expect(job.state).toEqual({ kind: 'done', result: 'rolled-back' });
    const last = job.events.at(-1);
    const result = last?.kind === 'succeeded' ? last.result : undefined;
    expect(result?.kind === 'rolled-back' && result.reason).toMatch(reason);
    expect(logOf(job)).toBe(`runs ${script}\nruns old\n`);
    expect(world.machines.started).toEqual(['srv-1 1 main', 'srv-1 2 main', 'srv-1 2 rollback']);
    await bridge.stop();
  });

  it('runs the rollback script of the new version where there is one', async () => {
    const { world, row, bridge, done } = await running(old);
    const next = recipeOf('sick', { rollbackScript: 'undo' });
    world.machines.plot = (script) => ({ lines: [`runs ${script}`], exitCode: 0, takesMs: 500 });
    row.work = { ...row.work, recipe: next, previous: old };
    const job = await done(upgrade(old, next));
    expect(job.state).toMatchObject({ result: 'rolled-back' });
    expect(logOf(job)).toBe('runs sick\nruns undo\n');
    await bridge.stop();
  });

  it('says so if neither works', async () => {
    const { world, row, bridge, done } = await running(old);
    world.machines.plot = () => ({ lines: [], exitCode: 1, takesMs: 500 });
    row.work = { ...row.work, recipe: recipeOf('new'), previous: old };
    const job = await done(upgrade(old, recipeOf('new')));
    expect(job.state).toEqual({ kind: 'failed', class: 'config' });
    const last = job.events.at(-1);
    expect(last?.kind === 'problem' && last.message).toMatch(/old one could not be put back/);
    await bridge.stop();
  });

  it('says so if the renter has taken the door out', async () => {
    const { world, row, bridge, done } = await running(old);
    world.machines.isDoorTaken = true;
    row.work = { ...row.work, recipe: recipeOf('new'), previous: old };
    const job = await done(upgrade(old, recipeOf('new')));
    expect(job.state).toEqual({ kind: 'failed', class: 'config' });
    await bridge.stop();
  });
});

describe('power', () => {
  const statusOf = (world: BridgeWorld) => world.cloud.servers()[0]?.status;
  const orders = (world: BridgeWorld) =>
    world.cloud.requests.filter((request) => request.startsWith('power')).length;

  it('asks a machine to shut down, and starts it again', async () => {
    const { world, bridge, done } = await running();
    await done({ kind: 'power', rentalId: RENTAL, action: 'off' });
    expect(statusOf(world)).toBe('off');
    expect(orders(world)).toBe(1);
    await done({ kind: 'power', rentalId: RENTAL, action: 'on' });
    expect(statusOf(world)).toBe('running');
    await bridge.stop();
  });

  it('cuts the power of one that does not hear', async () => {
    const { world, bridge, done } = await running();
    world.cloud.isDeaf = true;
    const startedAtMs = world.clock.monotonicMs();
    await done({ kind: 'power', rentalId: RENTAL, action: 'off' });
    expect(statusOf(world)).toBe('off');
    expect(world.clock.monotonicMs() - startedAtMs).toBeGreaterThan(30_000);
    await bridge.stop();
  });

  it('does nothing where it is so already', async () => {
    const { world, bridge, done } = await running();
    const job = await done({ kind: 'power', rentalId: RENTAL, action: 'on' });
    expect(job.state).toEqual({ kind: 'done', result: 'done' });
    expect(orders(world)).toBe(0);
    await bridge.stop();
  });

  it('reboots, and starts what is off', async () => {
    const { world, bridge, done } = await running();
    await done({ kind: 'power', rentalId: RENTAL, action: 'reboot' });
    expect(statusOf(world)).toBe('running');
    await done({ kind: 'power', rentalId: RENTAL, action: 'off' });
    await done({ kind: 'power', rentalId: RENTAL, action: 'reboot' });
    expect(statusOf(world)).toBe('running');
    await bridge.stop();
  });

  it('fails plainly if the machine is not there, or not ours', async () => {
    const { world, row, bridge, done } = await running();
    world.cloud.vanish('srv-1');
    const gone = await done({ kind: 'power', rentalId: RENTAL, action: 'on' });
    expect(gone.state).toEqual({ kind: 'failed', class: 'config' });
    row.server = { name: 'dc-test-1', externalId: world.cloud.add('other', {}) };
    const foreign = await done({ kind: 'power', rentalId: RENTAL, action: 'off' });
    expect(foreign.state).toEqual({ kind: 'failed', class: 'config' });
    expect(world.cloud.requests.some((request) => request.startsWith('power'))).toBe(false);
    await bridge.stop();
  });
});

describe('rotateSshKeys', () => {
  it('replaces the keys and shuts the door', async () => {
    const { world, row, bridge, done } = await running();
    row.work = { ...row.work, sshKeys: ['ssh-ed25519 BBBB new'] };
    const job = await done({ kind: 'rotate-ssh-keys', rentalId: RENTAL });
    expect(job.state).toEqual({ kind: 'done', result: 'done' });
    expect(world.machines.keysOf('srv-1')).toEqual(['ssh-ed25519 BBBB new']);
    expect(world.machines.isDoorOpenAt('srv-1')).toBe(false);
    await bridge.stop();
  });
});

describe('work on accounts', () => {
  it('validates, and tells what is wrong', async () => {
    const { world, bridge, done } = await running();
    expect((await done({ kind: 'validate-account' })).state).toMatchObject({ kind: 'done' });
    await bridge.stop();
    const provider = world.cloud.provider();
    const readOnly = {
      ...provider,
      validate: () =>
        Promise.resolve({ kind: 'invalid', problem: 'The token may only read.' } as const),
    };
    const second = world.bridge({ cloud: readOnly });
    const job = await done({ kind: 'validate-account' });
    expect(job.state).toEqual({ kind: 'failed', class: 'auth' });
    expect(job.events.at(-1)).toMatchObject({ message: 'The token may only read.' });
    await second.stop();
  });

  it('publishes what can be ordered', async () => {
    const { bridge, done } = await running();
    expect((await done({ kind: 'refresh-catalogue' })).state).toMatchObject({ kind: 'done' });
    await bridge.stop();
  });
});
