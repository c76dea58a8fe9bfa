import { randomBytes, randomUUID } from 'node:crypto'
import { firstActionDue, holdAnswerDue } from '#features/cases/clocks/rules.ts'
import { type Move, ruleOf } from '#features/cases/moves/rules.ts'
import { newCaseNumber } from '#features/cases/numbers/rules.ts'
import type { ReportedParticulars } from '#features/cases/particulars/rules.ts'
import { ACTIVE_STATES, type CaseState, needsWork } from '#features/cases/record/state-rules.ts'
import { luhnDigit } from '#lib/imei/imei.ts'
import { searchWords } from '#lib/person/name.ts'
import { addMilliseconds, DAY, HOUR, type Instant } from '#lib/time.ts'
import { blindIndex, newCaseKey, seal } from '#platform/crypto.ts'
import { personOf } from '../demo-city/people.ts'

/** The size and the mixture of the cases to make. */
export interface Plan {
  readonly cases: number
  /** The share of cases that wait for police, 0 to 1. */
  readonly open: number
  /** An area that gets this share of all cases; the others share the rest evenly. */
  readonly heavy: { readonly area: string; readonly share: number } | null
  /** The one state of all cases, instead of a mixture. */
  readonly state?: CaseState
  readonly areas: readonly string[]
  readonly staff: ReadonlyMap<string, { readonly officer: string; readonly supervisor: string }>
  readonly now: Instant
}

type Row = Readonly<Record<string, unknown>>
export type Rows = Record<'case_keys' | 'cases' | 'case_imeis' | 'case_events' | 'blind_index', Row[]>

/** The moves by which a case came to its state. */
const PATHS: Readonly<Record<CaseState, readonly Move[]>> = {
  submitted: [],
  under_review: ['take'],
  info_requested: ['take', 'request_info'],
  verified: ['take', 'verify'],
  watching: ['watch', 'take', 'verify', 'approve'],
  blocking: ['take', 'verify', 'approve'],
  blocked: ['take', 'verify', 'approve', 'carriers_applied'],
  rejected: ['take', 'reject'],
  unblock_review: ['take', 'verify', 'approve', 'carriers_applied', 'request_unblock'],
  unblocking: [
    'take',
    'verify',
    'approve',
    'carriers_applied',
    'request_unblock',
    'verify_unblock',
    'approve_unblock',
  ],
  withdrawn: ['withdraw', 'finish_withdrawal'],
  expired: ['take', 'request_info', 'expire'],
  unblocked: [
    'take',
    'verify',
    'approve',
    'carriers_applied',
    'request_unblock',
    'verify_unblock',
    'approve_unblock',
    'carriers_lifted',
  ],
}
/** The states of ten waiting cases, and of fifty others. */
const WAITING: readonly CaseState[] = [
  ...Array<CaseState>(4).fill('submitted'),
  ...Array<CaseState>(3).fill('under_review'),
  'info_requested',
  'verified',
  'unblock_review',
]
const SETTLED: readonly CaseState[] = [
  ...Array<CaseState>(46).fill('blocked'),
  'unblocked',
  'rejected',
  'withdrawn',
  'expired',
]
/** Two people have acted and no unblock is complete. */
const LISTED: readonly CaseState[] = ['blocking', 'blocked', 'unblock_review', 'unblocking']

/**
 * Special incidents of waiting cases, with the path that replaces their state's own. Each applies to a third of the cases
 * in its state, so that every list of the queue fills a page even with a thousand cases.
 */
const INCIDENTS: Readonly<
  Record<'no_imei' | 'hold' | 'sent_back' | 'shared', { in: CaseState; path: readonly Move[] }>
> = {
  no_imei: { in: 'submitted', path: [] },
  hold: { in: 'submitted', path: ['hold'] },
  sent_back: { in: 'under_review', path: ['take', 'verify', 'send_back'] },
  shared: { in: 'under_review', path: ['take', 'verify', 'approve', 'carriers_applied', 'shared'] },
}
type Incident = keyof typeof INCIDENTS

const incidentOf = (n: number, state: CaseState): Incident | null =>
  (Object.keys(INCIDENTS) as Incident[]).find(
    (name, at) => INCIDENTS[name].in === state && n % 3 === at % 3,
  ) ?? null

/** Spreads cases evenly over [0, 1), so that any share of the interval gets a proportional number of cases. */
const spread = (n: number, by: number): number => (n * by) % 1
/**
 * Returns eight numbers below 32 for the nth case, unique for each n (an odd factor is a bijection of the 2^40 numbers)
 * and scattered as if random. With random numbers, a third of all loads of a million cases would have a duplicate.
 */
function scattered(n: number): Uint8Array {
  const place = (BigInt(n) * 0x9e3779b97f4a7n) & 0xffffffffffn
  return Uint8Array.from({ length: 8 }, (_, at) => Number((place >> BigInt(5 * at)) & 31n))
}
const pick = <T>(from: readonly T[], share: number): T => from[Math.floor(share * from.length)] as T

function placeOf(n: number, { heavy, areas }: Plan): string {
  const share = spread(n, Math.SQRT2)
  if (heavy === null) return pick(areas, share)
  if (share < heavy.share) return heavy.area
  const others = areas.filter((area) => area !== heavy.area)
  return pick(others, (share - heavy.share) / (1 - heavy.share))
}

function stateOf(n: number, { open, state }: Plan): CaseState {
  if (state) return state
  const share = spread(n, (Math.sqrt(5) - 1) / 2)
  return share < open ? pick(WAITING, share / open) : pick(SETTLED, (share - open) / (1 - open))
}

/** Returns a unique IMEI with a real TAC. */
function imeiOf(phone: number): string {
  const key = `${35_000_000 + Math.floor(phone / 1_000_000)}${String(phone % 1_000_000).padStart(6, '0')}`
  return key + luhnDigit(key)
}

/** Returns the two IMEIs of the phone of case `n`, counted from 0. */
export const imeisOf = (n: number): readonly [string, string] => [imeiOf(2 * n), imeiOf(2 * n + 1)]

/** Adds case `n` with its dependent rows. Sealed columns and blind indexes are real, so that it can be opened and found. */
export function addCase(rows: Rows, n: number, plan: Plan): void {
  const id = randomUUID()
  const state = stateOf(n, plan)
  const unitId = placeOf(n, plan)
  const staff = plan.staff.get(unitId)
  // Waiting cases are from the last six days, the others from three years.
  const waits = needsWork(state, { held: null, holdUntil: null })
  const age = spread(n, Math.sqrt(3)) * (waits ? 6 * DAY : 3 * 365 * DAY)
  const submittedAt = addMilliseconds(plan.now, -age - 8 * HOUR)
  const { key, stored } = newCaseKey(id)
  const person = personOf(n)
  const incident = incidentOf(n, state)
  const path = incident === null ? PATHS[state] : INCIDENTS[incident].path
  const at = (step: number) => addMilliseconds(submittedAt, step * HOUR)
  const since = at(path.length)
  const when = (move: Move): Instant | null => {
    const step = path.indexOf(move)
    return step < 0 ? null : at(step + 1)
  }
  // Earlier findings are void when a case goes back to its officer, or to city police.
  const undone = path.includes('send_back') || path.includes('shared')
  const still = (move: Move): boolean => path.includes(move) && !undone
  const decided = (move: Move): Instant | null => (undone ? null : when(move))

  rows.case_keys.push({
    case_id: id,
    wrapped: stored.wrapped,
    wrap_key_version: stored.wrapKeyVersion,
    created_at: submittedAt,
  })
  rows.cases.push({
    id,
    number: newCaseNumber(() => scattered(n)),
    state,
    version: path.length + 1,
    locale: 'vi',
    area_id: unitId,
    unit_id: unitId,
    incident_type: pick(['robbed', 'snatched', 'stolen', 'lost'], spread(n, Math.sqrt(7))),
    incident_at: addMilliseconds(submittedAt, -2 * HOUR),
    brand: 'Samsung',
    model: 'Galaxy A54',
    colour: 'Đen',
    tac_mismatch: n % 40 === 0,
    contact_kind: person.contact.kind,
    secret_hash: randomBytes(32),
    sealed: seal(key, 'particulars', person),
    assignee_id: path.includes('take') && !path.includes('shared') ? staff?.officer : null,
    verified_by_id: still('verify') ? staff?.officer : null,
    unblock_verified_by_id: path.includes('verify_unblock') ? staff?.officer : null,
    unblock_reason: path.includes('verify_unblock') ? 'recovered' : null,
    rejected_by_id: path.includes('reject') ? staff?.officer : null,
    submitted_at: submittedAt,
    state_since: since,
    due_at: firstActionDue(since),
    first_action_at: when('take'),
    decided_at: decided('verify') ?? when('reject'),
    approved_at: decided('approve'),
    blocked_at: decided('carriers_applied'),
    held: path.includes('shared') ? 'shared_imei' : null,
    shared_at: when('shared'),
    hold_asked_by_id: path.includes('hold') ? staff?.officer : null,
    hold_due_at: path.includes('hold') ? holdAnswerDue(since) : null,
    rejected_at: when('reject'),
    closed_at: ['withdrawn', 'expired', 'unblocked'].includes(state) ? since : null,
    needs_work: waits,
  })
  for (const [index, imei] of incident === 'no_imei' ? [] : imeisOf(n).entries()) {
    rows.case_imeis.push({
      case_id: id,
      ordinal: index + 1,
      key14: imei.slice(0, 14),
      imei,
      primary_claim: ACTIVE_STATES.includes(state),
      is_public: LISTED.includes(state),
    })
  }
  addEvents(rows, id, path, unitId, staff, at)
  for (const found of [...foundByName(person.fullName), ...foundBy(person)])
    rows.blind_index.push({ ...found, case_id: id })
}

function addEvents(
  rows: Rows,
  caseId: string,
  path: readonly Move[],
  unitId: string,
  staff: { readonly officer: string; readonly supervisor: string } | undefined,
  at: (step: number) => Instant,
): void {
  let from: CaseState | null = null
  for (const [step, move] of (['submitted', ...path] as const).entries()) {
    const rule = move === 'submitted' ? null : ruleOf(move)
    const to: CaseState = (typeof rule?.to === 'string' ? rule.to : from) ?? 'submitted'
    const who = rule?.who ?? 'citizen'
    const kind = who === 'citizen' || who === 'system' ? who : 'staff'
    const police = kind === 'staff'
    rows.case_events.push({
      case_id: caseId,
      seq: step + 1,
      at: at(step),
      move,
      from,
      to,
      actor_kind: kind,
      actor_id: police ? (who === 'approver' ? staff?.supervisor : staff?.officer) : null,
      actor_role: police ? (who === 'approver' ? 'supervisor' : 'officer') : null,
      actor_unit_id: police ? unitId : null,
      visible: rule?.quiet !== true,
    })
    from = to
  }
}

interface Found {
  readonly kind: string
  readonly hash: Uint8Array
}
const found = (kind: string, value: string): Found => ({ kind, hash: blindIndex(kind, value) })

// The same index entries as in `submitCase`.
const foundBy = (p: ReportedParticulars): readonly Found[] => [
  found('contact', p.contact.value),
  found(p.contact.kind, p.contact.value),
  found('national_id', p.nationalId),
  ...p.phoneNumbers.map((number) => found('phone', number)),
]

const names = new Map<string, readonly Found[]>()

/** Thousands share a name: it is folded and hashed once. */
function foundByName(fullName: string): readonly Found[] {
  const known = names.get(fullName)
  if (known) return known
  const words = searchWords(fullName)
  const made = [found('name', words.join(' ')), ...words.map((word) => found('name_word', word))]
  names.set(fullName, made)
  return made
}
