import type { DurationNs } from '@decent-cloud/domain/time.ts';
import type { Backend } from '../accounts/provider.ts';
import type { MachineChoice } from '../market/catalogue.ts';
import type { ErrorClass } from './job.ts';
import type { JobKind } from './job-kinds.ts';

const CLOUD_NAMES: Readonly<Record<Backend, string>> = {
  hetzner: 'Hetzner',
  digitalocean: 'DigitalOcean',
  vultr: 'Vultr',
  docker: 'Docker',
  proxmox: 'Proxmox',
};

/** What is known about a job when a person is told about it. */
export interface Circumstances {
  readonly job: JobKind;
  readonly class: ErrorClass;
  readonly backend: Backend | undefined;
  /** The machine that was tried; undefined where none was. */
  readonly choice: MachineChoice | undefined;
  /** How many machines the offer allows. */
  readonly choiceCount: number;
  /** Since the job began. */
  readonly ageNs: DurationNs;
  /** Claims so far. */
  readonly attempts: number;
}

/**
 * Why a job failed, and what it means for the money: to the renter, or to the seller where it is about an
 * account. Says nothing that a cloud's API said.
 */
export function failureWords(about: Circumstances): string {
  switch (about.job) {
    case 'provision':
      return `${whatFailed(about)} Everything you paid goes back to you.`;
    case 'validate-account':
      return `${whatFailedOfAccount(about)} Nothing was charged. Ask for the check again after that.`;
    case 'refresh-catalogue':
      return (
        `${whatFailedOfAccount(about)} Nothing was charged, but what the cloud sells is not known ` +
        'anew: nothing is rented by a reading of more than 15 minutes ago. Ask for it again after that.'
      );
    default:
      return `${whatFailed(about)} Nothing was charged for it, and your rental goes on as it was.`;
  }
}

/** To the seller, with what to do. */
function whatFailedOfAccount(about: Circumstances): string {
  const cloud = cloudOf(about);
  const age = ageInWords(about.ageNs);
  switch (about.class) {
    case 'auth':
      return `${cloud} refuses the credentials of your account. Replace them.`;
    case 'config':
    case 'exists':
      return (
        `${cloud} accepts the credentials of your account, but they do not allow what is needed. ` +
        'Replace them by some that may read and write.'
      );
    case 'quota':
    case 'capacity':
      return `Your account at ${cloud} was at a limit for ${age}. Have the cloud raise it, or wait.`;
    case 'transient':
      return (
        `${cloud} did not answer your agent as it should for ${age}. ` +
        "Look at the cloud's status page."
      );
    case 'unknown':
      return about.attempts === 0
        ? `Your agent did not take the work for ${age}. See that it runs and that its grant is valid.`
        : `It was not finished within ${age}: your agent fell silent. Look at its log.`;
  }
}

function whatFailed(about: Circumstances): string {
  const cloud = cloudOf(about);
  const age = ageInWords(about.ageNs);
  switch (about.class) {
    case 'capacity':
      return `${cloud} had no ${machineOf(about)} for ${age}.`;
    case 'quota':
      return `The seller's account at ${cloud} had reached its limit of machines for ${age}.`;
    case 'auth':
      return `${cloud} refuses the credentials of the seller's account.`;
    case 'config':
    case 'exists':
      return (
        'It could not be set up: what the offer or the recipe asks for did not work. ' +
        'The log says where it stopped.'
      );
    case 'transient':
      return `${cloud} did not answer as it should for ${age}.`;
    case 'unknown':
      return about.attempts === 0
        ? `Nobody at the seller's side took the work for ${age}.`
        : `It was not finished within ${age}: nobody at the seller's side went on with it.`;
  }
}

/** What goes on after something that will be tried again. */
export function retryWords(about: Circumstances): string {
  const cloud = cloudOf(about);
  switch (about.class) {
    case 'capacity':
      return about.choiceCount > 1
        ? `${cloud} has no ${triedMachine(about)} now. The next machine of the offer is tried.`
        : `${cloud} has no ${machineOf(about)} now. It is asked again soon.`;
    case 'quota':
      return `The seller's account at ${cloud} is at its limit of machines. It is asked again soon.`;
    case 'auth':
      return `${cloud} refuses the seller's credentials. It is asked again until it is done.`;
    case 'config':
      return `${cloud} refuses the request. It is asked again until it is done.`;
    case 'exists':
      return `Something of that name is at ${cloud} already. It is looked at first.`;
    case 'transient':
      return `${cloud} did not answer as it should. It is asked again soon.`;
    case 'unknown':
      return `How the last request to ${cloud} ended is not known. It is looked at first.`;
  }
}

function machineOf(about: Circumstances): string {
  const machine = triedMachine(about);
  const hasOthers = about.choice !== undefined && about.choiceCount > 1;
  return hasOthers ? `${machine} or any other machine of the offer` : machine;
}

function triedMachine({ choice }: Circumstances): string {
  return choice === undefined ? 'room for it' : `${choice.machineType} in ${choice.location}`;
}

function cloudOf({ backend }: Circumstances): string {
  return backend === undefined ? 'The cloud' : CLOUD_NAMES[backend];
}

function ageInWords(ageNs: DurationNs): string {
  const seconds = Number(ageNs / 1_000_000_000n);
  if (seconds < 120) return `${seconds} seconds`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 120 ? `${minutes} minutes` : `${Math.floor(minutes / 60)} hours`;
}
