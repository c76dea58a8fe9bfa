import type { StaffActor } from '#lib/access/actor.ts'
import { may, type Permission } from '#lib/access/roles.ts'

/** The kinds of work that can wait, the most urgent first: a case counts for the first. `needs`: whose permission. */
const TASK_KINDS = [
  /** A temporary block that another person asked for. */
  { kind: 'to_confirm', needs: 'case:approve' },
  /** A case of another unit to which the person was lent: nobody else may decide it. */
  { kind: 'lent', needs: 'case:decide' },
  /** A carrier sees the IMEI of a blocked phone in several phones: city police answer within four hours. */
  { kind: 'shared_imei', needs: 'case:resolve_conflict' },
  { kind: 'refused', needs: 'case:decide' },
  /** Not approved, and returned to the person who verified it. */
  { kind: 'sent_back', needs: 'case:decide' },
  /** Assigned to the person by somebody else. */
  { kind: 'given', needs: 'case:decide' },
  /** The citizen has replied. */
  { kind: 'answered', needs: 'case:decide' },
  /** Two claims on one phone, or a request to be one. */
  { kind: 'conflict', needs: 'case:decide' },
  /** A block or unblock that another person verified, for a second one to approve. */
  { kind: 'to_approve', needs: 'case:approve' },
  /** A decision that could not be delivered by message: its letter has to be served. */
  { kind: 'to_serve', needs: 'case:decide' },
  /** The deadline of the person's own case is within four hours, or over. */
  { kind: 'due', needs: 'case:decide' },
  /** An objection to a block that police answer. */
  { kind: 'objection', needs: 'case:decide' },
  /** A sighting of a case's phone at which nobody has looked. */
  { kind: 'phone_seen', needs: 'case:decide' },
  { kind: 'late_complaint', needs: 'lateness:answer' },
  /** A citizen's request to correct or erase their personal data. */
  { kind: 'data_request', needs: 'case:decide_data' },
  /** A request of another person that this one may confirm: accounts, keys, legal holds. */
  { kind: 'approval', needs: 'approval:decide' },
  { kind: 'order_refused', needs: 'order:retry' },
  { kind: 'release', needs: 'order:release' },
  /** An agency with odd answers on some day, at which nobody has looked. */
  { kind: 'survey_flow', needs: 'survey:manage' },
  /** Suggestions for the questions that nobody has looked at. */
  { kind: 'suggestion', needs: 'survey:manage' },
  /** A trial of questions that is over and not decided. */
  { kind: 'trial', needs: 'survey:manage' },
  /** Comments that may still reveal their writer. */
  { kind: 'comment', needs: 'voice:moderate' },
] as const satisfies readonly { readonly kind: string; readonly needs: Permission }[]

export type TaskKind = (typeof TASK_KINDS)[number]['kind']

export const kindsOf = ({ role }: Pick<StaffActor, 'role'>): readonly TaskKind[] =>
  TASK_KINDS.filter(({ needs }) => may(role, needs)).map(({ kind }) => kind)

/** Tasks of each kind that has any, counted up to {@link MOST_TASKS_COUNTED}. */
export type TaskCounts = Readonly<Partial<Record<TaskKind, number>>>

export const MOST_TASKS_COUNTED = 100

export const totalOf = (counts: TaskCounts) => Object.values(counts).reduce((sum, one) => sum + one, 0)

export const badgeOf = (count: number): string => (count >= MOST_TASKS_COUNTED ? '99+' : String(count))
