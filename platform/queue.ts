import '#server-only'
import { PgBoss, type Queue, type SendOptions } from 'pg-boss'
import type { ObjectionNumber } from '#features/disputes/objections/rules.ts'
import type { FlagKind, ReminderKind } from '#features/exchange/flags/rules.ts'
import type { StoppedState } from '#features/exchange/push/rules.ts'
import type { Instant } from '#lib/time.ts'
import { queueLookups, sql, type Tx } from './db.ts'
import { deferStatement } from './deferred-writes.ts'
import { traceparent } from './tracing.ts'

/** Every queue, with the data of its jobs. A job contains ids, never personal data. */
export interface Queues {
  readonly 'notice-send': { readonly id: string }
  /** Notifies an account's owner of a change to its sign-in; `id` is the mail's. */
  readonly 'account-notice': {
    readonly id: string
    /** null: the mail goes to `ALERT_MAIL`, the mailbox of a person without an account. */
    readonly accountId: string | null
    readonly notice: AccountNotice
    /** The invitation whose link the mail contains; the link is created when the mail is sent. */
    readonly invitationId?: string
    /** Expiry of the link that makes a browser known, in milliseconds since 1970. */
    readonly linkExpires?: number
    /** The sealed address, if it is no longer the account's. */
    readonly sealedTo?: string
    /** Number of waiting items in the morning mail, or of missed deadlines in a mail about late work. */
    readonly count?: number
  }
  /** Each morning: sends people the number of their waiting items. */
  readonly 'tasks-morning': Record<string, never>
  /** Every ten minutes: closes requests for a second person's approval that expired without an answer. */
  readonly approvals: Record<string, never>
  /** Every ten minutes: checks for each case whether anybody may still decide it. */
  readonly 'case-deciders': Record<string, never>
  readonly 'case-settle': { readonly caseId: string }
  /** After a report without an IMEI, if the person agreed, and after each `not_subscriber`: asks the next carriers. */
  readonly 'imei-lookup': { readonly caseId: string }
  /** After each dismissal or transfer: takes inactive cases from the account. */
  readonly 'staff-left': { readonly accountId: string }
  /** After news for a registered device: sends it a notification. */
  readonly 'push-device': { readonly id: string }
  /** After each order for a carrier with push, and when a retry is due: sends the new lines of its book. */
  readonly push: { readonly carrierId: string }
  /** When a drill's time is up, and after each of its results: continues the drill with its unblocks, or ends it. */
  readonly 'drill-step': { readonly drillId: string }
  /** Each minute: pushes orders whose own job was lost. */
  readonly 'push-due': Record<string, never>
  /** After sightings of a case's phone: starts the police's period for looking at them. */
  readonly 'phone-seen': { readonly caseId: string }
  /** After each change of a case with consents for banks, or of the consents: writes the due alerts. */
  readonly 'alert-case': { readonly caseId: string }
  /** Each hour: retries consents without any alert so far. */
  readonly 'alert-due': Record<string, never>
  /** After each alert for a receiver with push, and when a retry is due: sends the new alerts. */
  readonly 'alert-push': { readonly receiverId: string }
  readonly 'alert-test': { readonly receiverId: string; readonly messageId: string }
  /** Each minute: pushes alerts whose own job was lost. */
  readonly 'alert-push-due': Record<string, never>
  /** After each press of the test button: sends a message without lines. */
  readonly 'push-test': { readonly carrierId: string; readonly messageId: string }
  /**
   * After the end of a block with objections: tells the holders whether they were right. If the block passed to another case
   * (`blockTo`), the objections follow it. After every carrier has lifted it (`done`), tells the holders who were right.
   */
  readonly 'objection-settle': {
    readonly caseId: string
    readonly granted: boolean
    readonly blockTo?: string
    readonly done?: true
  }
  /** At the start and the end of the review of a lifted block: tells the phone's holders. */
  readonly 'review-settle': { readonly caseId: string }
  /**
   * After the end of a block, or the approval of a transferred one: tells the people who lost it, and the holders whose
   * objections were refused.
   */
  readonly 'block-settle': { readonly caseId: string }
  /** Each minute: continues reviews whose own job was lost. */
  readonly 'dispute-clocks': Record<string, never>
  /** Each minute: ends expired drafts of objections and expired periods for answers. */
  readonly 'objection-clocks': Record<string, never>
  /** After the confirmation of a file with police records: makes a case from each valid row. */
  readonly 'case-import': { readonly importId: string }
  /** At 8:00 and 14:00: writes letters about new orders for carriers on paper, and draws letters that are not drawn yet. */
  readonly letters: Record<string, never>
  readonly 'letter-draw': { readonly letterId: string }
  /** For an entered number: looks up the case or draft in a job, so that the response time reveals nothing. */
  readonly 'status-code': { readonly number: string; readonly asker?: string | null }
  /** `asker`: the mark of the browser that asked; missing in jobs of the previous release. */
  readonly 'resume-objection-code': {
    readonly number: ObjectionNumber
    readonly locale: 'vi' | 'en'
    readonly asker?: string | null
  }
  /**
   * In this and the next two, `contact` is a hash of the contact, and `indexes` are the blind indexes for finding cases; all in
   * hexadecimal.
   */
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
  /** After each file of a case: searches it for IMEIs. `from`: hashes of the people whose share of the readers it uses. */
  readonly 'proof-read': { readonly id: string; readonly from?: readonly string[] }
  /** Every ten minutes: reads files of open cases that were not read yet. */
  readonly 'proof-read-due': Record<string, never>
  /** After each file, if there is a virus scanner. */
  readonly 'evidence-scan': { readonly id: string }
  /** Each minute: scans files that were not scanned yet. */
  readonly 'evidence-scan-due': Record<string, never>
  /** After an infected file: asks the person of the case or objection for another one. */
  readonly 'file-refused': { readonly caseId: string }
  /** Every ten minutes: retries failed deletions of files. */
  readonly 'evidence-removal': Record<string, never>
  /** Each night: looks for stored files that belong to nothing. */
  readonly 'evidence-sweep': Record<string, never>
  /** Every five minutes: reports missed deadlines of the police, in steps. */
  readonly lateness: Record<string, never>
  /** Each minute: ends due temporary blocks, withdrawals, unanswered questions and secrets on receipts. */
  readonly clocks: Record<string, never>
  /** After each alert, a mail to an auditor; without `accountId` to a former auditor's sealed address, or to `ALERT_MAIL`. */
  readonly 'lookup-alert': {
    readonly alertId: string
    readonly accountId: string | null
    readonly sealedTo?: string
    readonly mailId: string
  }
  /** Each minute, and after each decision: releases or withholds waiting orders. */
  readonly 'order-release': Record<string, never>
  /** Each minute: adds lines from earlier releases to the log. */
  readonly 'book-chains': Record<string, never>
  /** After each list from a carrier, and each repair: compares it, and orders the differences again. */
  readonly reconcile: { readonly id: string }
  /** Every ten minutes: reports late or skipped orders of carriers. */
  readonly 'carrier-watch': Record<string, never>
  /** Reminds one person of the relay, or a carrier's person on duty, of pending work in the exchange; `id` is the mail's. */
  readonly 'exchange-notice': {
    readonly id: string
    readonly to: 'staff' | 'contact'
    readonly toId: string
    /** The contact before its change or removal, sealed, in base64: its former address is told. */
    readonly was?: string
    readonly notice: ExchangeNotice
  }
  /** Every five minutes: tells people who watch a phone that its answer has changed. */
  readonly 'check-watch': Record<string, never>
  /** Every five minutes: tells shops that a phone which they bought is reported. */
  readonly 'shop-tell': Record<string, never>
  /** Each minute, and after each addition: tells owners where their found phone is. */
  readonly 'found-tell': Record<string, never>
  /** Each hour: warns people of false messages about their phone. */
  readonly 'false-finds': Record<string, never>
  /** Each night, and at the start of a worker after a day without: checks the data against the audit log. */
  readonly 'data-audit': Record<string, never>
  /** Each minute, and after each ordered block: adds new audit entries to the tree, and signs its head. */
  readonly 'audit-seal': Record<string, never>
  /** Each night: compares every public file of the audit log with the log. */
  readonly 'audit-tiles': Record<string, never>
  /** Each minute: records erasures outside the database. */
  readonly 'erasures-keep': Record<string, never>
  /** At the start and each hour: repeats erasures after a backup was restored. */
  readonly 'erasures-again': Record<string, never>
  /** Every ten minutes: reminds contacts of drafts that are about to be deleted. */
  readonly 'draft-reminder': Record<string, never>
  /** Every other minute: warns registrants whose phone another person has reported. */
  readonly 'phone-warnings': Record<string, never>
  /** Each morning: asks holders whether they still have a registered phone, and ends lapsed registrations. */
  readonly 'phone-years': Record<string, never>
  /** Each minute: deletes drafts after their seven days. */
  readonly 'draft-expiry': Record<string, never>
  /** Every ten minutes: deletes counters, codes and sessions that are no longer needed. */
  readonly retention: Record<string, never>
  /** At the start and each hour: keeps the partitions of the monthly tables. */
  readonly months: Record<string, never>
  /** Every ten minutes: erases cases and files after their retention period or a granted request. */
  readonly erasure: Record<string, never>
  /** Every ten minutes: publishes the figures of a complete month. */
  readonly facts: Record<string, never>
  /** Every ten minutes: adds changed public tables to the audit log. */
  readonly 'figures-log': Record<string, never>
  /** Hourly: adds the root of a survey month's receipts to the audit log, after the month's end. */
  readonly 'survey-receipts': Record<string, never>
  /** Every ten minutes: examines comments that were released before reviews existed. */
  readonly 'survey-examine': Record<string, never>
  /** Reminds one person of an agency of a promise; `id` is the mail's, `dueOn` a local date. */
  readonly 'promise-notice': {
    readonly id: string
    readonly accountId: string
    readonly replyId: string
    readonly dueOn: string
  }
  /** Each morning: reminds agencies of promises that fall due. */
  readonly 'survey-promises': Record<string, never>
  /** Every twenty minutes: shows the survey manager what is odd about today's answers. */
  readonly 'survey-flows': Record<string, never>
  /** Hourly: publishes the completed weeks of kiosks. */
  readonly 'survey-kiosks': Record<string, never>
  /** Every ten minutes: evaluates and publishes a trial that has reached its size. */
  readonly 'survey-trials': Record<string, never>
  /** Hourly: reminds people of invitations, ends them, and publishes their answers. */
  readonly 'survey-invitations': Record<string, never>
  /** Each night: rewrites the survey's tables in random order, so that a row's place links no answer to a receipt. */
  readonly 'survey-mix': Record<string, never>
  /** After the reversal of an exclusion: counts its answers again. */
  readonly 'survey-readmit': { readonly exclusionId: string }
  readonly 'survey-report': { readonly reportId: string }
}
/** The events that are mailed to an account's own address. */
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
/** The content of a mail about the exchange: a template, its values, and the carrier that its link opens. */
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
export type JobData = Queues
type QueueName = keyof Queues

/** The queue of the jobs that failed for good, for a person to look at. */
export const DEAD_LETTERS = 'dead-letters'

/** The options of code mails. They expire soon, because a waiting person has asked for another code by then. */
const CODE = { retryLimit: 3, retryDelay: 1, heartbeatSeconds: 10, retentionSeconds: 300 }

/** The options of scheduled work, one job at a time. A failed job is not retried, because the next one does its work. */
const CLOCK = { policy: 'singleton', retryLimit: 0, heartbeatSeconds: 10 } as const

/** Returns the options of work with retries, with pauses in seconds that double from `first` up to `most`. */
const tries = (retryLimit: number, first: number, most: number) => ({
  retryLimit,
  retryDelay: first,
  retryBackoff: true,
  retryDelayMax: most,
  heartbeatSeconds: 10,
})

/** Mail is retried for most of a day. */
const MAIL = tries(12, 5, 3600)

/** The options of each queue, in seconds; `npm run db:migrate` creates the queues. */
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
  'push-device': tries(10, 5, 3600),
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
  // With retries, because the next job is a day away.
  'tasks-morning': { policy: 'singleton', retryLimit: 5, retryDelay: 60, heartbeatSeconds: 10 },
  approvals: CLOCK,
  'case-deciders': CLOCK,
  erasure: CLOCK,
  facts: CLOCK,
  'figures-log': CLOCK,
  'survey-receipts': CLOCK,
  'survey-examine': CLOCK,
  'survey-kiosks': CLOCK,
  'survey-invitations': CLOCK,
  'survey-trials': CLOCK,
  'survey-flows': CLOCK,
  // Two months of a large city's answers take longer than a job's default of 15 minutes.
  'survey-mix': { ...CLOCK, expireInSeconds: 3 * 3600 },
  'survey-promises': { policy: 'singleton', retryLimit: 2, retryDelay: 600, heartbeatSeconds: 10 },
  'survey-readmit': tries(20, 1, 300),
  'survey-report': { retryLimit: 2, retryDelay: 5, retryBackoff: true, heartbeatSeconds: 10 },
}

interface JobOf<Q extends QueueName> {
  readonly queue: Q
  /** A cron expression in the city's time zone. */
  readonly schedule?: string
  /** True for work that must not wait after an outage: it is also queued at the start of a worker. */
  readonly atStart?: true
  /** The number of concurrent jobs in one worker; by default 10. Lower for work that needs much memory. */
  readonly batchSize?: number
  /** The number of independent workers, one job each: a job that waits for another server delays none of the others. */
  readonly apart?: number
  /**
   * Does the work. May run more than once for one job, because a worker can die after the work and before recording it, so it
   * must be idempotent. Throwing means a later retry.
   */
  run(data: Queues[Q], now: Instant, signal: AbortSignal): Promise<void>
}

/** A job of `features/<feature>/jobs.ts`, for the worker to run. */
export type Job = { [Q in QueueName]: JobOf<Q> }[QueueName]

const shared = globalThis as { antamBoss?: PgBoss }

/**
 * Only sends, so it needs no start and no schema rights. It looks each queue up once, on separate connections: with those of
 * `db`, the first senders, each in a transaction, would wait for one another.
 */
const sender = (): PgBoss => {
  shared.antamBoss ??= new PgBoss({
    db: queueLookups,
    migrate: false,
    createSchema: false,
    supervise: false,
    schedule: false,
    // pg-boss's own spans would merge a batch's jobs; each job continues its sender's trace instead (worker.ts).
    openTelemetry: { enabled: false },
  })
  return shared.antamBoss
}

/** Adds a job in the transaction of its cause: committed or rolled back with it. */
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

/** Adds pg-boss's own INSERT (with one parameter, `$1`) to the deferred writes; the job's id is not needed. */
async function insertJob(tx: Tx, text: string, values: unknown[] = []): Promise<{ rows: never[] }> {
  await deferStatement(tx, sql(text.split('$1'), ...values))
  return { rows: [] }
}

/**
 * Puts dead letters back into their queues in the transaction of the act, as new jobs with all their retries. Returns their
 * number. A job of a deleted queue stays, and one that another act takes is left out.
 */
export const sendDeadAgain = (tx: Tx, ids: string[]): Promise<number> =>
  sender().redrive(DEAD_LETTERS, {
    ids,
    limit: ids.length,
    db: {
      executeSql: async (text, values = []) => ({ rows: await tx.$queryRawUnsafe(text, ...values) }),
    },
  })
