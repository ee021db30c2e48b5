import { readFileSync } from 'node:fs';
import process from 'node:process';
import { bridgeCloud, type BridgeCloud } from '../world/bridge-cloud.ts';
import { cloudOrderSchema, type CloudFacts } from './cloud-facts.ts';
import { measureSelf } from './own-costs.ts';

const TOO_MANY = 429;
/** Of a second; what Linux counts processor time in for its users. */
const TICKS_PER_SECOND = 100;
/** Fields after the name of the program. Source: proc(5), cutime and cstime. */
const CHILDREN_TIMES = [13, 14];
const costs = measureSelf();

function factsOf({ hetzner, boots }: BridgeCloud): CloudFacts {
  const counts = hetzner.requests();
  const sum = (rows: typeof counts): number => rows.reduce((total, { count }) => total + count, 0);
  return {
    requests: sum(counts),
    refused: sum(counts.filter(({ status }) => status === TOO_MANY)),
    costs: costs(),
    machinesCpuSeconds: childrenCpuSeconds(),
    servers: hetzner.servers().map(({ id, labels, createdAtMs }) => {
      const readyAtMs = boots.readyAtMs(id.toString());
      const rental = labels['dc-rental'] ?? '';
      return readyAtMs === undefined ? { rental } : { rental, providerMs: readyAtMs - createdAtMs };
    }),
  };
}

/** Of all that this process has started, and that started by it, once it has ended. */
function childrenCpuSeconds(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return CHILDREN_TIMES.reduce((sum, at) => sum + Number(fields[at]), 0) / TICKS_PER_SECOND;
}

/** The cloud as a process of its own: its first message is how to reach it; asked, it tells facts. */
const { folder, projects, timeFactor, addressPrefix } = cloudOrderSchema.parse(
  JSON.parse(process.argv[2] ?? '{}'),
);
const cloud = await bridgeCloud({ timeFactor, addressPrefix })(folder, projects);
process.on('message', () => process.send?.(factsOf(cloud)));
process.once('disconnect', () => void cloud.close());
process.send?.({ bridgeEnv: cloud.bridgeEnv });
