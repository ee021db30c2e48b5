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

/** Why a job failed, and what it means for the money. Says nothing that a cloud's API said. */
export function failureWords(about: Circumstances): string {
  const money =
    about.job === 'provision'
      ? 'Everything you paid goes back to you.'
      : 'Nothing was charged for it, and your rental goes on as it was.';
  return `${whatFailed(about)} ${money}`;
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
