import type { PaymentTrouble } from './payment-trouble.service.ts';

/** How far a payment is. Money is taken at most once, whatever happens on the way. */
export type Payment =
  | { readonly kind: 'idle' }
  /** The ledger is asked to let the treasury take the amount. */
  | { readonly kind: 'approving' }
  /** The rental canister is asked to have it taken. */
  | { readonly kind: 'paying' }
  /** Nothing was taken; `at` is the step that was refused. */
  | { readonly kind: 'refused'; readonly at: PaymentStep; readonly problem: PaymentTrouble }
  /** No answer came: it is being looked up whether it was paid. */
  | { readonly kind: 'lost' }
  /** It was looked up: it is not paid, and the same payment may be tried again. */
  | { readonly kind: 'unpaid' }
  /** The ledger's answer is awaited by the canisters. */
  | { readonly kind: 'pending' }
  | { readonly kind: 'confirmed'; readonly block: bigint | undefined };

export type PaymentStep = 'approve' | 'pay';

export type PaymentEvent =
  | { readonly kind: 'begun' }
  /** The treasury may take the amount: just now, or since an earlier attempt. */
  | { readonly kind: 'allowed' }
  | { readonly kind: 'refused'; readonly problem: PaymentTrouble }
  | { readonly kind: 'lost' }
  | { readonly kind: 'pending' }
  | { readonly kind: 'paid'; readonly block: bigint | undefined }
  | { readonly kind: 'found-unpaid' };

/** A step of the list that a person sees. */
export interface StepLine {
  readonly name: 'Approve' | 'Pay' | 'Confirmed';
  readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'open';
  readonly text: string;
}

export const NO_PAYMENT: Payment = { kind: 'idle' };

/** What comes next. An event that does not belong to the state changes nothing: it came too late. */
export function nextPayment(payment: Payment, event: PaymentEvent): Payment {
  switch (event.kind) {
    case 'begun':
      return mayBegin(payment) ? { kind: 'approving' } : payment;
    case 'allowed':
      return payment.kind === 'approving' ? { kind: 'paying' } : payment;
    case 'refused': {
      const at = stepOf(payment);
      return at === undefined ? payment : { kind: 'refused', at, problem: event.problem };
    }
    case 'lost':
      return payment.kind === 'paying' ? { kind: 'lost' } : payment;
    case 'found-unpaid':
      return payment.kind === 'lost' ? { kind: 'unpaid' } : payment;
    case 'pending':
      return payment.kind === 'paying' || payment.kind === 'lost' ? { kind: 'pending' } : payment;
    case 'paid':
      return isOpen(payment) ? { kind: 'confirmed', block: event.block } : payment;
  }
}

/** Whether the button that pays may be pressed. */
export function mayBegin({ kind }: Payment): boolean {
  return kind === 'idle' || kind === 'refused' || kind === 'unpaid';
}

/** Whether it is being worked on, so that the page should not be left. */
export function isUnderWay({ kind }: Payment): boolean {
  return kind === 'approving' || kind === 'paying' || kind === 'lost';
}

/** Approve, Pay, Confirmed, each with how far it is. */
export function stepLines(payment: Payment): readonly StepLine[] {
  return [approveLine(payment), payLine(payment), confirmedLine(payment)];
}

function approveLine(payment: Payment): StepLine {
  const name = 'Approve';
  if (payment.kind === 'idle') {
    return { name, state: 'waiting', text: 'Allow the treasury to take exactly this amount' };
  }
  if (payment.kind === 'approving') {
    return { name, state: 'running', text: 'Asking the ledger …' };
  }
  if (payment.kind === 'refused' && payment.at === 'approve') {
    return { name, state: 'failed', text: 'Not allowed; nothing was taken' };
  }
  return { name, state: 'done', text: 'The treasury may take exactly this amount, once' };
}

function payLine(payment: Payment): StepLine {
  const name = 'Pay';
  switch (payment.kind) {
    case 'idle':
    case 'approving':
      return { name, state: 'waiting', text: 'Move it into an escrow of its own' };
    case 'paying':
      return { name, state: 'running', text: 'Moving it into the escrow …' };
    case 'lost':
      return { name, state: 'running', text: 'No answer came. Looking up what became of it …' };
    case 'pending':
      return { name, state: 'open', text: 'The ledger has not answered yet' };
    case 'confirmed':
      return { name, state: 'done', text: 'In the escrow' };
    case 'unpaid':
      return { name, state: 'failed', text: 'Not paid; nothing was taken' };
    case 'refused':
      return payment.at === 'pay'
        ? { name, state: 'failed', text: 'Refused; nothing was taken' }
        : { name, state: 'waiting', text: 'Move it into an escrow of its own' };
  }
}

function confirmedLine(payment: Payment): StepLine {
  const name = 'Confirmed';
  if (payment.kind === 'confirmed') {
    const { block } = payment;
    const where = block === undefined ? '' : `: block ${block.toString()} of the ledger`;
    return { name, state: 'done', text: `Paid${where}` };
  }
  if (payment.kind === 'pending') {
    return { name, state: 'open', text: 'The rental page shows it as soon as it is known' };
  }
  return { name, state: 'waiting', text: 'The machine is ordered at once' };
}

function stepOf({ kind }: Payment): PaymentStep | undefined {
  if (kind === 'approving') return 'approve';
  return kind === 'paying' ? 'pay' : undefined;
}

function isOpen({ kind }: Payment): boolean {
  return kind === 'paying' || kind === 'lost' || kind === 'pending';
}
