import '#server-only'
import { PgBoss, type Queue, type SendOptions } from 'pg-boss'
import type { ObjectionNumber } from '#features/disputes/objections/rules.ts'
import type { FlagKind, ReminderKind } from '#features/exchange/flags/rules.ts'
import type { StoppedState } from '#features/exchange/push/rules.ts'
import type { Instant } from '#lib/time.ts'
import { queueLookups, sql, type Tx } from './db.ts'
import { deferStatement } from './deferred-writes.ts'
import { traceparent } from './tracing.ts'

/** Every queue, with what its jobs carry. A job holds ids, never anything personal. */
export interface Queues {
  readonly 'notice-send': { readonly id: string }
  /** Tells the owner of an account what happened to its sign-in; `id` is the mail's own. */
  readonly 'account-notice': {
    readonly id: string
    /** null: it goes to `ALERT_MAIL`, a mailbox of nobody who has an account. */
    readonly accountId: string | null
    readonly notice: AccountNotice
    /** The invitation whose link goes with it; the link itself is made when it is sent. */
    readonly invitationId?: string
    /** Until when the link goes that makes a browser known, in milliseconds since 1970. */
    readonly linkExpires?: number
    /** The address, sealed, where it is no longer the account's. */
    readonly sealedTo?: string
    /** How many things wait, in the morning's mail; how many deadlines have passed, in a mail about late work. */
    readonly count?: number
  }
  /** Each morning: people are told how much waits for them. */
  readonly 'tasks-morning': Record<string, never>
  /** Every ten minutes: requests for a second person end that got no answer in time. */
  readonly approvals: Record<string, never>
  /** Often: whether somebody may still decide each case. */
  readonly 'case-deciders': Record<string, never>
  readonly 'case-settle': { readonly caseId: string }
  /** With a report without an IMEI whose person agreed, and with each `not_subscriber`: the next carriers are asked. */
  readonly 'imei-lookup': { readonly caseId: string }
  /** With each dismissal and each new post: cases that wait for nobody are no longer theirs. */
  readonly 'staff-left': { readonly accountId: string }
  /** With each order for a carrier that is pushed to, and when a try is due: what is new in its book is sent. */
  readonly push: { readonly carrierId: string }
  /** When a drill's time is up, and with each of its results: it goes on to its unblocks, or ends. */
  readonly 'drill-step': { readonly drillId: string }
  /** Each minute: what should be pushed and nobody is at. */
  readonly 'push-due': Record<string, never>
  /** With sightings of a case's phone: its police are given their time to look. */
  readonly 'phone-seen': { readonly caseId: string }
  /** With each change of a case that a bank may be told of, and of who may be told: what is due is written for it. */
  readonly 'alert-case': { readonly caseId: string }
  /** Each hour: consents of which nothing could be sent yet. */
  readonly 'alert-due': Record<string, never>
  /** With each alert for a receiver that is pushed to, and when a try is due: what is new is sent. */
  readonly 'alert-push': { readonly receiverId: string }
  readonly 'alert-test': { readonly receiverId: string; readonly messageId: string }
  /** Each minute: alerts that should be pushed and nobody is at. */
  readonly 'alert-push-due': Record<string, never>
  /** With each press of the button: a message without lines. */
  readonly 'push-test': { readonly carrierId: string; readonly messageId: string }
  /**
   * With the end of a block that a phone's holder objected to: the holder is told, and whether they were found right. Where the
   * block passed to another case (`blockTo`), what is said against it follows. Once every carrier has lifted it (`done`) the
   * holder who was found right is told.
   */
  readonly 'objection-settle': {
    readonly caseId: string
    readonly granted: boolean
    readonly blockTo?: string
    readonly done?: true
  }
  /** With the beginning and the end of the review of a lifted block: the phone's holder is told. */
  readonly 'review-settle': { readonly caseId: string }
  /** With the end of a block, and the approval of one that passed: those who lost it, and holders who were refused, are told. */
  readonly 'block-settle': { readonly caseId: string }
  /** Each minute: reviews whose own job was lost. */
  readonly 'dispute-clocks': Record<string, never>
  /** Each minute: drafts of objections and answers whose time is up. */
  readonly 'objection-clocks': Record<string, never>
  /** With each file of police's own records that is confirmed: each good row becomes a case. */
  readonly 'case-import': { readonly importId: string }
  /** In the morning and after noon: carriers on paper have letters of what is new; what is not drawn is drawn. */
  readonly letters: Record<string, never>
  readonly 'letter-draw': { readonly letterId: string }
  /** For a number as it was typed: whether there is such a case or draft is found out where nobody can watch. */
  readonly 'status-code': { readonly number: string; readonly asker?: string | null }
  /** `asker`: the mark of the browser that asked; absent from the release before. */
  readonly 'resume-objection-code': {
    readonly number: ObjectionNumber
    readonly locale: 'vi' | 'en'
    readonly asker?: string | null
  }
  /** Of this and the next two, `contact` is a hash of it, `indexes` those by which cases are found; all in hexadecimal digits. */
  readonly 'resume-code': {
    readonly contact: string
    readonly indexes?: readonly string[]
    readonly locale: 'vi' | 'en'
    readonly asker?: string | null
  }
  readonly 'trusted-code': {
    readonly contact: string
    readonly locale: 'vi' | 'en'
    readonly asker?: string | null
  }
  readonly 'objection-code': {
    readonly contact: string
    readonly locale: 'vi' | 'en'
    readonly asker?: string | null
  }
  readonly 'evidence-derive': { readonly id: string; readonly from?: string }
  /** With each file of a case: a machine looks for IMEIs in it. `from`: whose share of the readers it takes (hashes). */
  readonly 'proof-read': { readonly id: string; readonly from?: readonly string[] }
  /** Every ten minutes: files of open cases that were not read. */
  readonly 'proof-read-due': Record<string, never>
  /** With each file, where files are looked at for viruses. */
  readonly 'evidence-scan': { readonly id: string }
  /** Each minute: files that no scanner has looked at. */
  readonly 'evidence-scan-due': Record<string, never>
  /** With an infected file: the person of the case or objection is told to send another. */
  readonly 'file-refused': { readonly caseId: string }
  /** Every ten minutes: files that could not be removed when they were to be. */
  readonly 'evidence-removal': Record<string, never>
  /** Each night: stored files that belong to nothing. */
  readonly 'evidence-sweep': Record<string, never>
  /** Every five minutes: deadlines of police that passed without their act are told, in steps. */
  readonly lateness: Record<string, never>
  /** Each minute: withdrawals, expiries and receipts whose time is up. */
  readonly clocks: Record<string, never>
  /** With each alert, a mail to an auditor; without `accountId` to a former auditor's address, sealed, or to `ALERT_MAIL`. */
  readonly 'lookup-alert': {
    readonly alertId: string
    readonly accountId: string | null
    readonly sealedTo?: string
    readonly mailId: string
  }
  /** Each minute, and with each decision: orders that waited go out, or are withheld. */
  readonly 'order-release': Record<string, never>
  /** Each minute: lines that a release before this one wrote come into the log. */
  readonly 'book-chains': Record<string, never>
  /** With each list that a carrier sends, and each repair: it is compared, and what differs is ordered again. */
  readonly reconcile: { readonly id: string }
  /** Every ten minutes: what carriers are late with or skip is told. */
  readonly 'carrier-watch': Record<string, never>
  /** Tells one person of the relay, or one on duty at a carrier, what the exchange waits for; `id` is the mail's own. */
  readonly 'exchange-notice': {
    readonly id: string
    readonly to: 'staff' | 'contact'
    readonly toId: string
    /** A contact as it was, sealed, in base64: what was changed or removed is told to its former address. */
    readonly was?: string
    readonly notice: ExchangeNotice
  }
  /** Every five minutes: people who wait for the answer about a phone to change are told. */
  readonly 'check-watch': Record<string, never>
  /** Every five minutes: shops are told that a phone which they bought is reported. */
  readonly 'shop-tell': Record<string, never>
  /** Each minute, and with each addition: owners whose phone was found are told where it is. */
  readonly 'found-tell': Record<string, never>
  /** Each hour: people are warned of false messages about their phone. */
  readonly 'false-finds': Record<string, never>
  /** Each night, and as a worker starts after a day without: the data is held against the audit log. */
  readonly 'data-audit': Record<string, never>
  /** Each minute, and with each block that is ordered: new audit entries come into the tree, and its head is signed. */
  readonly 'audit-seal': Record<string, never>
  /** Each night: every public file of the audit log is compared with the log. */
  readonly 'audit-tiles': Record<string, never>
  /** Each minute: what was erased is written outside the database. */
  readonly 'erasures-keep': Record<string, never>
  /** At the start and each hour: what came back with a restored copy is erased again. */
  readonly 'erasures-again': Record<string, never>
  /** Every ten minutes: contacts are reminded of drafts that are about to be deleted. */
  readonly 'draft-reminder': Record<string, never>
  /** Every other minute: registrants whose phone somebody else has reported are told. */
  readonly 'phone-warnings': Record<string, never>
  /** Each morning: holders are asked whether they still have a registered phone; what lapsed ends. */
  readonly 'phone-years': Record<string, never>
  /** Each minute: drafts whose seven days are over. */
  readonly 'draft-expiry': Record<string, never>
  /** Every ten minutes: counters, codes and sessions that nobody needs any more. */
  readonly retention: Record<string, never>
  /** At the start and each hour: the partitions of tables that are kept by months. */
  readonly months: Record<string, never>
  /** Every ten minutes: cases and files whose time is up, and what was granted. */
  readonly erasure: Record<string, never>
  /** Every ten minutes: a month that is complete has its public figures. */
  readonly facts: Record<string, never>
  /** Every ten minutes: public tables that have changed get their entry in the audit log. */
  readonly 'figures-log': Record<string, never>
  /** Hourly: a month of the survey that is over gets the root of its receipts into the audit log. */
  readonly 'survey-receipts': Record<string, never>
  /** Every ten minutes: comments released before there was a review are looked through. */
  readonly 'survey-examine': Record<string, never>
  /** Reminds one person of an agency of a promise; `id` is the mail's own, `dueOn` a local date. */
  readonly 'promise-notice': {
    readonly id: string
    readonly accountId: string
    readonly replyId: string
    readonly dueOn: string
  }
  /** Each morning: agencies are reminded of promises that fall due. */
  readonly 'survey-promises': Record<string, never>
  /** Every twenty minutes: what is odd about today's answers is shown to the survey manager. */
  readonly 'survey-flows': Record<string, never>
  /** Each night: rows that came together are written again at random. */
  readonly 'survey-kiosks': Record<string, never>
  /** Every ten minutes: a trial that has its size is worked out and made public. */
  readonly 'survey-trials': Record<string, never>
  /** Hourly: invitations are reminded of and end, and what was answered to them is published. */
  readonly 'survey-invitations': Record<string, never>
  readonly 'survey-mix': Record<string, never>
  /** With each reversal of an exclusion: its answers count. */
  readonly 'survey-readmit': { readonly exclusionId: string }
  /** With each report that is asked for: it is made. */
  readonly 'survey-report': { readonly reportId: string }
}
/** The events that a mail to an account's own address tells of. */
export type AccountNotice =
  | 'activated'
  | 'invited'
  | 'link_printed'
  | 'post_changed'
  | 'email_changed'
  | 'case_given'
  | 'hold_asked'
  | 'case_sent_back'
  | 'case_answered'
  | 'case_contested'
  | 'case_undecidable'
  | 'case_lent'
  | 'case_shared_imei'
  | 'morning'
  | 'late_unit'
  | 'late_city'
  | 'late_inspectorate'
  | 'new_browser'
  | 'recovery_used'
  | 'recovery_renewed'
  | 'sign_in_reset'
  | 'password_changed'
  | 'passkey_added'
  | 'passkey_removed'
  | 'bought_reported'
/** The content of a mail about the exchange: a template, what stands in it, and the carrier that its link leads to. */
export interface ExchangeNotice {
  readonly template:
    | 'release_waiting'
    | 'second_asked'
    | 'second_done'
    | 'contact_changed'
    | `flag_${FlagKind}`
    | ReminderKind
    | `push_${StoppedState}`
    | `receiver_${StoppedState}`
  readonly carrierId: string | null
  readonly values: Readonly<Record<string, string | number>>
}
/** Holds what each queue's jobs carry. */
export type JobData = Queues
type QueueName = keyof Queues

/** The queue of the jobs that failed for good, to be looked at by a person. */
export const DEAD_LETTERS = 'dead-letters'

/**
 * The options of a code's mail: a person who waits for a code has asked for another by the time that a late one would
 * come.
 */
const CODE = { retryLimit: 3, retryDelay: 1, heartbeatSeconds: 10, retentionSeconds: 300 }

/** The options of work that the clock asks for, one at a time: what failed comes with the next. */
const CLOCK = { policy: 'singleton', retryLimit: 0, heartbeatSeconds: 10 } as const

/** Returns the options of work that is tried again, with pauses of seconds that double from `first` up to `most`. */
const tries = (retryLimit: number, first: number, most: number) => ({
  retryLimit,
  retryDelay: first,
  retryBackoff: true,
  retryDelayMax: most,
  heartbeatSeconds: 10,
})

/** A mail is tried for the better part of a day. */
const MAIL = tries(12, 5, 3600)

/** The options of each queue; the queues are made by `npm run db:migrate`. Seconds throughout. */
export const QUEUE_OPTIONS: Readonly<Record<QueueName, Omit<Queue, 'name'>>> = {
  'notice-send': MAIL,
  'account-notice': MAIL,
  'lookup-alert': MAIL,
  'exchange-notice': MAIL,
  'promise-notice': MAIL,
  'case-settle': tries(20, 1, 60),
  'imei-lookup': tries(20, 1, 300),
  push: { retryLimit: 3, retryDelay: 1, heartbeatSeconds: 10 },
  'drill-step': tries(20, 1, 60),
  'case-import': tries(20, 2, 60),
  'push-due': CLOCK,
  'phone-seen': tries(20, 1, 60),
  'alert-case': tries(20, 1, 60),
  'alert-due': CLOCK,
  'alert-push': { retryLimit: 3, retryDelay: 1, heartbeatSeconds: 10 },
  'alert-test': { retryLimit: 1, retryDelay: 1, heartbeatSeconds: 10, retentionSeconds: 300 },
  'alert-push-due': CLOCK,
  'push-test': { retryLimit: 1, retryDelay: 1, heartbeatSeconds: 10, retentionSeconds: 300 },
  'objection-settle': tries(20, 1, 60),
  'objection-clocks': CLOCK,
  'review-settle': tries(20, 1, 60),
  'block-settle': tries(20, 1, 60),
  'dispute-clocks': CLOCK,
  'staff-left': tries(20, 5, 3600),
  'status-code': CODE,
  'resume-code': CODE,
  'resume-objection-code': CODE,
  'objection-code': CODE,
  'trusted-code': CODE,
  'evidence-derive': { retryLimit: 3, retryDelay: 2, retryBackoff: true, heartbeatSeconds: 10 },
  'proof-read': tries(4, 5, 600),
  'proof-read-due': CLOCK,
  'evidence-scan': tries(4, 5, 600),
  'evidence-scan-due': CLOCK,
  'file-refused': tries(12, 5, 3600),
  'evidence-removal': CLOCK,
  'evidence-sweep': CLOCK,
  'audit-seal': CLOCK,
  'data-audit': { ...CLOCK, expireInSeconds: 6 * 3600 },
  'audit-tiles': CLOCK,
  'erasures-keep': CLOCK,
  'erasures-again': CLOCK,
  letters: { policy: 'singleton', retryLimit: 3, retryDelay: 60, heartbeatSeconds: 10 },
  'letter-draw': tries(8, 5, 600),
  clocks: CLOCK,
  lateness: CLOCK,
  'order-release': CLOCK,
  'book-chains': CLOCK,
  reconcile: tries(20, 5, 300),
  'carrier-watch': CLOCK,
  'check-watch': CLOCK,
  'shop-tell': CLOCK,
  'found-tell': CLOCK,
  'false-finds': CLOCK,
  'draft-reminder': CLOCK,
  'draft-expiry': CLOCK,
  'phone-warnings': CLOCK,
  'phone-years': { policy: 'singleton', retryLimit: 5, retryDelay: 60, heartbeatSeconds: 10 },
  retention: CLOCK,
  months: CLOCK,
  // The next is a day away.
  'tasks-morning': { policy: 'singleton', retryLimit: 5, retryDelay: 60, heartbeatSeconds: 10 },
  approvals: CLOCK,
  'case-deciders': CLOCK,
  erasure: CLOCK,
  facts: CLOCK,
  'figures-log': CLOCK,
  'survey-receipts': CLOCK,
  'survey-examine': CLOCK,
  // Two months of a large city's answers take longer than the quarter of an hour that a job has by itself.
  'survey-kiosks': CLOCK,
  'survey-invitations': CLOCK,
  'survey-trials': CLOCK,
  'survey-flows': CLOCK,
  'survey-mix': { ...CLOCK, expireInSeconds: 3 * 3600 },
  'survey-promises': { policy: 'singleton', retryLimit: 2, retryDelay: 600, heartbeatSeconds: 10 },
  'survey-readmit': tries(20, 1, 300),
  'survey-report': { retryLimit: 2, retryDelay: 5, retryBackoff: true, heartbeatSeconds: 10 },
}

interface JobOf<Q extends QueueName> {
  readonly queue: Q
  /** When it is queued by itself, as a cron expression in the city's own time. */
  readonly schedule?: string
  /** True when the job is queued at the start of a worker too: for what must not wait after an outage. */
  readonly atStart?: true
  /** The number of jobs that run at once in one worker; 10 unless told. For work that needs much memory. */
  readonly batchSize?: number
  /** So many run each by itself: one that waits for somebody else's server keeps none of the others waiting. */
  readonly apart?: number
  /**
   * Does the work. It may run more than once for one job (a worker can die after the work and before saying so),
   * so it must be harmless twice. Throwing means: try again later.
   */
  run(data: Queues[Q], now: Instant, signal: AbortSignal): Promise<void>
}

/** A job as `features/<feature>/jobs.ts` exports it among its `jobs`, for the worker to run. */
export type Job = { [Q in QueueName]: JobOf<Q> }[QueueName]

const shared = globalThis as { antamBoss?: PgBoss }

/**
 * Sends only: it needs no start and no schema rights. It looks each queue up once, on connections of their own:
 * with those of `db` the first senders, each in a transaction, would wait for one another.
 */
const sender = (): PgBoss => {
  shared.antamBoss ??= new PgBoss({
    db: queueLookups,
    migrate: false,
    createSchema: false,
    supervise: false,
    schedule: false,
    // Its own spans would join a batch's jobs into one: each job goes on in the trace of its sender (worker.ts).
    openTelemetry: { enabled: false },
  })
  return shared.antamBoss
}

/** Adds a job in the transaction of the change that asks for it: kept with it, rolled back with it. */
export async function enqueue<Q extends QueueName>(
  tx: Tx,
  queue: Q,
  data: Queues[Q],
  options: SendOptions = {},
): Promise<void> {
  const trace = traceparent()
  await sender().send(queue, trace === undefined ? data : { ...data, traceparent: trace }, {
    ...options,
    db: { executeSql: (text, values) => insertJob(tx, text, values) },
  })
}

/**
 * Puts the library's own INSERT (of one parameter, `$1`) among what the transaction adds; nobody asks for the job's id.
 */
async function insertJob(tx: Tx, text: string, values: unknown[] = []): Promise<{ rows: never[] }> {
  await deferStatement(tx, sql(text.split('$1'), ...values))
  return { rows: [] }
}

/**
 * Puts these dead letters back into the queues that they came from, as new jobs with all their tries, in the transaction of
 * the act that asks for it. Returns how many; a job of a queue that is gone stays, and one that another act takes is left out.
 */
export const sendDeadAgain = (tx: Tx, ids: string[]): Promise<number> =>
  sender().redrive(DEAD_LETTERS, {
    ids,
    limit: ids.length,
    db: {
      executeSql: async (text, values = []) => ({ rows: await tx.$queryRawUnsafe(text, ...values) }),
    },
  })
