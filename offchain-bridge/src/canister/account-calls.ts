import type { AgentAccount, BookedServer, RentalPort, StrayVerdict } from '../ports/rental.port.ts';
import {
  accountFromWire,
  bookedFromWire,
  catalogueToWire,
  verdictFromWire,
} from './account-wire.ts';
import type { CanisterCalls } from './canister-calls.ts';
import { allPages } from './walk-pages.ts';
import { optOf } from './wire-values.ts';

/** The most that the canister gives or takes at once. */
const PAGE = 50;
const MAX_STRAYS = 100;

type AccountCalls = Pick<
  RentalPort,
  | 'heartbeat'
  | 'listAgentAccounts'
  | 'installation'
  | 'sealedCredentials'
  | 'publishCatalogue'
  | 'reportAccountValidity'
  | 'bookedServers'
  | 'reportStrays'
  | 'reportStrayDeleted'
>;

/** What agents do for the cloud accounts that they work. */
export function accountCalls(calls: CanisterCalls): AccountCalls {
  const { actor } = calls;
  return {
    heartbeat: async ({ ageRecipient, version }) => {
      const self = { age_recipient: ageRecipient, version };
      await calls.ask('agent_heartbeat', actor.agent_heartbeat, self);
    },
    listAgentAccounts: async () => {
      const rows = await allPages((from) =>
        calls.ask('list_agent_accounts', actor.list_agent_accounts, { from, limit: PAGE }),
      );
      const accounts = rows.map(accountFromWire).filter((row) => row !== undefined);
      return [...new Map(accounts.map((row): [number, AgentAccount] => [row.id, row])).values()];
    },
    installation: async () => {
      const { installation } = await calls.ask('settings', actor.settings);
      return installation;
    },
    sealedCredentials: async (id) => {
      const { get_account_credentials: method } = actor;
      return Uint8Array.from(await calls.ask('get_account_credentials', method, BigInt(id)));
    },
    publishCatalogue: async (id, reading) => {
      const catalogue = catalogueToWire(id, reading);
      await calls.ask('publish_catalogue', actor.publish_catalogue, catalogue);
    },
    reportAccountValidity: async (id, problem) => {
      const told = { cloud_account_id: BigInt(id), problem: optOf(problem) };
      await calls.ask('report_account_validity', actor.report_account_validity, told);
    },
    bookedServers: async (id) => {
      const account = { cloud_account_id: BigInt(id), limit: PAGE };
      const rows = await allPages((from) =>
        calls.ask('account_rentals', actor.account_rentals, { ...account, from }),
      );
      const booked = rows.map(bookedFromWire);
      return [
        ...new Map(booked.map((row): [number, BookedServer] => [row.rentalId, row])).values(),
      ];
    },
    reportStrays: async (id, strays) => {
      const verdicts: StrayVerdict[] = [];
      for (let at = 0; at < strays.length; at += MAX_STRAYS) {
        const seen = strays.slice(at, at + MAX_STRAYS).map(({ externalId, name, rentalId }) => ({
          external_id: externalId,
          name,
          rental_id: optOf(rentalId === undefined ? undefined : BigInt(rentalId)),
        }));
        const told = { cloud_account_id: BigInt(id), strays: seen };
        const rows = await calls.ask('report_strays', actor.report_strays, told);
        verdicts.push(...rows.map(verdictFromWire));
      }
      return verdicts;
    },
    reportStrayDeleted: async (id, externalId) => {
      const told = { cloud_account_id: BigInt(id), external_id: externalId };
      await calls.ask('report_stray_deleted', actor.report_stray_deleted, told);
    },
  };
}
