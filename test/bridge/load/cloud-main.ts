import process from 'node:process';
import { bridgeCloud, type BridgeCloud } from '../world/bridge-cloud.ts';
import { cloudOrderSchema, type CloudFacts } from './cloud-facts.ts';

const TOO_MANY = 429;

function factsOf({ hetzner, boots }: BridgeCloud): CloudFacts {
  const counts = hetzner.requests();
  const sum = (rows: typeof counts): number => rows.reduce((total, { count }) => total + count, 0);
  return {
    requests: sum(counts),
    refused: sum(counts.filter(({ status }) => status === TOO_MANY)),
    servers: hetzner.servers().map(({ id, labels, createdAtMs }) => {
      const readyAtMs = boots.readyAtMs(id.toString());
      const rental = labels['dc-rental'] ?? '';
      return readyAtMs === undefined ? { rental } : { rental, providerMs: readyAtMs - createdAtMs };
    }),
  };
}

/** The cloud as a process of its own: its first message is how to reach it; asked, it tells facts. */
const { folder, projects, timeFactor, addressPrefix } = cloudOrderSchema.parse(
  JSON.parse(process.argv[2] ?? '{}'),
);
const cloud = await bridgeCloud({ timeFactor, addressPrefix })(folder, projects);
process.on('message', () => process.send?.(factsOf(cloud)));
process.once('disconnect', () => void cloud.close());
process.send?.({ bridgeEnv: cloud.bridgeEnv });
