import { describe, expect, it } from 'vitest';
import { BridgeWorld } from '../testing/bridge-world.fake.ts';

const OURS = {
  'managed-by': 'decent-cloud',
  'dc-installation': 'test',
  'dc-rental': '1',
  'dc-choice': '0',
};

async function activeWorld() {
  const world = new BridgeWorld();
  const row = world.rent();
  const bridge = world.bridge();
  await world.untilState(row, 'active');
  return { world, row, bridge };
}

describe('terminate', () => {
  it('ends when the cloud does not know the server any more', async () => {
    const { world, row, bridge } = await activeWorld();
    world.cloud.requests.length = 0;
    world.market.cancel(row.id);
    await world.untilState(row, 'closed');
    await bridge.stop();
    expect(world.cloud.servers()).toEqual([]);
    expect(world.cloud.requests).toEqual([
      'find dc-test-1',
      'delete srv-1',
      'peek srv-1',
      'find dc-test-1',
    ]);
  });

  it('ends at once where nothing was ever made', async () => {
    const world = new BridgeWorld();
    const row = world.rent();
    world.market.cancel(row.id);
    const bridge = world.bridge();
    await world.untilState(row, 'closed');
    await bridge.stop();
    expect(world.cloud.requests).toEqual(['find dc-test-1']);
  });

  it('finds by its name what the canister never heard of', async () => {
    const world = new BridgeWorld();
    const row = world.rent();
    world.cloud.add('dc-test-1', OURS);
    world.market.cancel(row.id);
    const bridge = world.bridge();
    await world.untilState(row, 'closed');
    await bridge.stop();
    expect(world.cloud.servers()).toEqual([]);
  });

  it('finds by its id what has another name now', async () => {
    const { world, row, bridge } = await activeWorld();
    world.cloud.vanish('srv-1');
    const renamed = world.cloud.add('renamed', OURS);
    row.server = { name: 'dc-test-1', externalId: renamed };
    world.market.cancel(row.id);
    await world.untilState(row, 'closed');
    await bridge.stop();
    expect(world.cloud.servers()).toEqual([]);
  });

  it('leaves somebody elses server of that name alone: nothing of ours is there', async () => {
    const world = new BridgeWorld();
    const row = world.rent();
    world.cloud.add('dc-test-1', { owner: 'somebody' });
    world.market.cancel(row.id);
    const bridge = world.bridge();
    await world.untilState(row, 'closed');
    await bridge.stop();
    expect(world.cloud.servers()).toHaveLength(1);
  });

  it('never deletes the server of its books once it has lost our labels, and raises the alarm', async () => {
    const { world, row, bridge } = await activeWorld();
    world.cloud.vanish('srv-1');
    const bare = world.cloud.add('renamed', {});
    row.server = { name: 'dc-test-1', externalId: bare };
    world.market.cancel(row.id);
    const job = world.market.jobOf(row.id, 'terminate');
    await world.clock.until(() => job.attempts >= 3);
    await bridge.stop();
    expect(row.state).toBe('ending');
    expect(world.cloud.servers().map(({ name }) => name)).toEqual(['renamed']);
    expect(world.metrics.counts.get('foreign_servers')).toBeGreaterThanOrEqual(2);
  });

  it('is never given up', async () => {
    const { world, row, bridge } = await activeWorld();
    let isDown = true;
    world.cloud.fault = () => (isDown ? 'busy' : undefined);
    world.market.cancel(row.id);
    const job = world.market.jobOf(row.id, 'terminate');
    await world.clock.until(() => job.attempts >= 5, 7_200_000);
    isDown = false;
    await world.untilState(row, 'closed');
    await bridge.stop();
    expect(world.cloud.servers()).toEqual([]);
  });
});
