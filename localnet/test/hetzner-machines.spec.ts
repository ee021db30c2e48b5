import { describe, expect, it } from 'vitest';
import { FakeMachineHost } from './support/fake-machine-host.ts';
import { create, hetznerWorld, serverIn, type HetznerWorld } from './support/hetzner-world.ts';

interface Machined {
  readonly world: HetznerWorld;
  readonly machines: FakeMachineHost;
  readonly id: number;
}

async function withServer(): Promise<Machined> {
  const machines = new FakeMachineHost();
  const world = await hetznerWorld({ machines });
  const { server } = await create(world, 'web', { user_data: '#cloud-config' });
  return { world, machines, id: server.id };
}

async function expectCalls({ machines, id }: Machined, calls: readonly string[]): Promise<void> {
  await expect.poll(() => machines.callsOf(id)).toEqual(calls);
}

async function booted(): Promise<Machined> {
  const one = await withServer();
  one.world.advance(13);
  await expectCalls(one, ['prepare', 'on']);
  return one;
}

describe('the machine of a server', () => {
  it('boots when the server was made, not before', async () => {
    const one = await withServer();
    one.world.advance(10.9);
    await one.world.get('/servers');
    expect(one.machines.calls).toEqual([]);
    one.world.advance(0.1);
    await expectCalls(one, ['prepare', 'on']);
    expect(one.machines.orders).toMatchObject([
      { id: String(one.id), hostname: 'web', userData: '#cloud-config', memoryMb: 4_096 },
    ]);
  });

  it('is running to the cloud while it still boots', async () => {
    const one = await withServer();
    const open = { end: (): void => undefined };
    one.machines.boot = () => new Promise((resolve) => (open.end = resolve));
    one.world.advance(13);
    await expectCalls(one, ['prepare', 'on']);
    expect(serverIn(await one.world.get(`/servers/${one.id}`)).status).toBe('running');
    open.end();
  });

  it('goes off at once and on again', async () => {
    const one = await booted();
    await one.world.post(`/servers/${one.id}/actions/poweroff`);
    await expectCalls(one, ['prepare', 'on', 'off']);
    one.world.advance(2);
    await one.world.post(`/servers/${one.id}/actions/poweron`);
    await expectCalls(one, ['prepare', 'on', 'off', 'on']);
  });

  it('goes off when its system has shut down', async () => {
    const one = await booted();
    await one.world.post(`/servers/${one.id}/actions/shutdown`);
    one.world.advance(4);
    expect(one.machines.callsOf(one.id)).toEqual(['prepare', 'on']);
    one.world.advance(1);
    await expectCalls(one, ['prepare', 'on', 'off']);
  });

  it('reboots', async () => {
    const one = await booted();
    await one.world.post(`/servers/${one.id}/actions/reboot`);
    one.world.advance(1);
    await expectCalls(one, ['prepare', 'on', 'off', 'on']);
  });

  it('is made anew by a rebuild', async () => {
    const one = await booted();
    const image = { image: 'debian-12', user_data: 'new' };
    await one.world.post(`/servers/${one.id}/actions/rebuild`, image);
    one.world.advance(11);
    await expectCalls(one, ['prepare', 'on', 'off', 'destroy', 'prepare', 'on']);
    expect(one.machines.orders[1]).toMatchObject({ userData: 'new' });
  });

  it('is cut and then destroyed with the server', async () => {
    const one = await booted();
    await one.world.call('DELETE', `/servers/${one.id}`);
    await expectCalls(one, ['prepare', 'on', 'off']);
    one.world.advance(3);
    await expectCalls(one, ['prepare', 'on', 'off', 'destroy']);
  });

  it('is destroyed when the server vanishes, and goes off in an outage', async () => {
    const one = await booted();
    one.world.cloud.control.setPower(one.id, false);
    await expectCalls(one, ['prepare', 'on', 'off']);
    one.world.cloud.control.setPower(one.id, true);
    await expectCalls(one, ['prepare', 'on', 'off', 'on']);
    one.world.cloud.control.vanish(one.id);
    await expectCalls(one, ['prepare', 'on', 'off', 'on', 'destroy']);
  });

  it('goes off with the cloud', async () => {
    const one = await booted();
    await one.world.cloud.close();
    expect(one.machines.callsOf(one.id)).toEqual(['prepare', 'on', 'off']);
  });

  it('has the faults that are set, from before its first boot on', async () => {
    const one = await withServer();
    const path = `/servers/${one.id}/machine-faults`;
    const faults = [{ kind: 'lossy', share: 0.5, seed: 7 }];
    expect((await one.world.sim('PUT', path, faults)).status).toBe(204);
    one.world.advance(13);
    await expect.poll(() => one.machines.faults.get(String(one.id))).toEqual(faults);
    await one.world.sim('PUT', path, []);
    expect(one.machines.faults.get(String(one.id))).toEqual([]);
    expect((await one.world.sim('PUT', path, [{ kind: 'slow' }])).status).toBe(400);
    expect((await one.world.sim('PUT', '/servers/7/machine-faults', [])).status).toBe(400);
  });

  it('that does not boot is told to whoever runs the cloud, not to its customers', async () => {
    const one = await withServer();
    one.machines.boot = () => Promise.reject(new Error('no kernel'));
    one.world.advance(13);
    await expect
      .poll(() => one.world.problems)
      .toEqual([`the machine of server ${one.id} failed: no kernel`]);
    one.world.problems.length = 0;
    expect(serverIn(await one.world.get(`/servers/${one.id}`)).status).toBe('running');
  });

  it('that was cut while it booted is no problem', async () => {
    const one = await withServer();
    const open = { fail: (_error: Error): void => undefined };
    one.machines.boot = () => new Promise((_, reject) => (open.fail = reject));
    one.world.advance(13);
    await expectCalls(one, ['prepare', 'on']);
    await one.world.post(`/servers/${one.id}/actions/poweroff`);
    await expectCalls(one, ['prepare', 'on', 'off']);
    open.fail(new Error('killed'));
    await one.world.get('/servers');
    expect(one.world.problems).toEqual([]);
  });

  it('does not exist for a foreign server or one without IPv4', async () => {
    const machines = new FakeMachineHost();
    const world = await hetznerWorld({ machines });
    const id = world.cloud.control.addForeignServer({ project: 'shop', name: 'theirs' });
    await create(world, 'six', { public_net: { enable_ipv4: false } });
    world.advance(13);
    await world.call('DELETE', `/servers/${id}`);
    world.advance(3);
    await world.cloud.close();
    expect(machines.calls).toEqual([]);
  });
});
