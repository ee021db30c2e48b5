import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import type { Replica, ReplicaLimits } from '../core/replica-api.ts';
import { createGateway } from '../gateway/create-gateway.ts';
import { createNode } from '../localnet-node.ts';
import { installSystemCanisters } from '../system/genesis.ts';
import { printedLine } from './canister-log.ts';
import { InstanceClock } from './instance-clock.ts';
import type { InstanceConfig } from './instance-config.ts';
import { answerJson } from './json-answers.ts';
import { PicError } from './pic-error.ts';
import { PicInstance } from './pic-instance.ts';
import type { RunningInstance } from './running-instance.ts';
import { planSubnets, type SubnetPlan } from './subnet-plan.ts';
import { encodeTopology } from './topology.ts';

/** Instances are alike: what a test sees depends on what it does, not on how many ran before. */
const SEED = createHash('sha256').update('localnet PocketIC instance').digest();

/** 2021-05-06 19:17:10 UTC. Source: dfinity/ic rs/pocket_ic_server, `default_timestamp`. */
const GENESIS_NS = 1_620_328_630_000_000_000n;
/** 2021-05-10 08:00:01 UTC, from when the CMC knows an exchange rate. Source: as above. */
const GENESIS_WITH_CMC_NS = 1_620_633_601_000_000_000n;
/** Source: dfinity/ic rs/pocket_ic_server/src/pocket_ic.rs `update_cmc`. */
const XDR_PERMYRIAD_PER_ICP = 35_200n;

/** Source: dfinity/ic rs/pocket_ic_server/src/pocket_ic.rs, `SubnetInstructionConfig::Benchmarking`. */
const BENCHMARKING_INSTRUCTIONS = 99_999_999_999_999n;
const BENCHMARKING_LIMITS: Partial<ReplicaLimits> = {
  updateInstructions: BENCHMARKING_INSTRUCTIONS,
  queryInstructions: BENCHMARKING_INSTRUCTIONS,
  installInstructions: BENCHMARKING_INSTRUCTIONS,
};

/** A fresh network for one PocketIC instance; its canisters' prints go to standard error. */
export function createRunningInstance(config: InstanceConfig): RunningInstance {
  const clock = new InstanceClock();
  const node = createNode({
    seed: SEED,
    timeNs: initialTimeNs(config),
    nowNs: () => clock.nowNs(),
    limits: limitsFor(config),
  });
  const { replica, host, api } = node;
  installFeatures(replica, config);
  printTo(process.stderr, replica);
  const plan = planSubnets(config, replica.subnetId);
  const gateway = createGateway({ host, api, extraRoutes: topologyRoute(plan) });
  return {
    pic: new PicInstance({ host, clock, plan }),
    api: (request) => api.fetch(request),
    site: (request) => gateway.fetch(request),
  };
}

function initialTimeNs(config: InstanceConfig): bigint {
  const earliestNs = config.features.has('cycles_minting') ? GENESIS_WITH_CMC_NS : GENESIS_NS;
  if (config.initialTime?.kind !== 'timestamp') return earliestNs;
  const { ns } = config.initialTime;
  if (ns < earliestNs) {
    throw new PicError(
      'The initial timestamp (unix timestamp in nanoseconds) must be no earlier than ' +
        `${earliestNs} (provided ${ns}).`,
    );
  }
  return ns;
}

/** One replica executes every subnet, so one that asks for higher limits gets them for all. */
function limitsFor({ subnets }: InstanceConfig): Partial<ReplicaLimits> {
  const specs = [
    ...[subnets.nns, subnets.sns, subnets.ii, subnets.fiduciary, subnets.bitcoin],
    ...subnets.system,
    ...subnets.application,
    ...subnets.verifiedApplication,
  ];
  const isBenchmark = specs.some((spec) => spec?.instructionConfig === 'Benchmarking');
  return isBenchmark ? BENCHMARKING_LIMITS : {};
}

function installFeatures(replica: Replica, { features }: InstanceConfig): void {
  if (features.size === 0) return;
  installSystemCanisters(replica, { xdrPermyriadPerIcp: XDR_PERMYRIAD_PER_ICP });
}

function printTo(stream: NodeJS.WritableStream, replica: Replica): void {
  replica.onEvent((event) => {
    if (event.kind === 'print') stream.write(printedLine(event, replica.timeNs()));
  });
}

function topologyRoute(plan: SubnetPlan): Hono {
  const route = new Hono();
  route.get('/_/topology', () => answerJson(encodeTopology(plan)));
  return route;
}
