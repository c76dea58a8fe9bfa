import { canonicalJson } from '#lib/canonical-json.ts'
import { ruleOf } from '../moves/rules.ts'
import type { Transition } from '../moves/transition-rules.ts'
import type { Particulars } from '../particulars/rules.ts'
import type { CaseSnapshot } from './snapshot-rules.ts'

/** Everything that a decision may depend on, by name. A new field of the snapshot is added here too. */
export const SNAPSHOT_FIELDS = {
  id: true,
  number: true,
  state: true,
  held: true,
  version: true,
  areaId: true,
  unitId: true,
  incidentType: true,
  filedById: true,
  assigneeId: true,
  verifiedById: true,
  rejectedById: true,
  unblockVerifiedById: true,
  imeisVerifiedById: true,
  imeiPaperAt: true,
  unblockReason: true,
  counterclaim: true,
  counterclaimById: true,
  holdAskedById: true,
  holdConfirmedById: true,
  holdDueAt: true,
  holdUntil: true,
  holdSince: true,
  renewalAskedById: true,
  renewalDueAt: true,
  renewalConfirmedById: true,
  blockFromId: true,
  sharedAt: true,
  sharedDueAt: true,
  sharedProposal: true,
  sharedProposedById: true,
  primaryClaim: true,
  imeiUnknown: true,
  submittedAt: true,
  stateSince: true,
  dueAt: true,
  remindedAt: true,
  firstActionAt: true,
  decidedAt: true,
  approvedAt: true,
  blockedAt: true,
  rejectedAt: true,
  appealedAt: true,
  withdrawEffectiveAt: true,
  watchAskedAt: true,
  watchUntil: true,
  closedAt: true,
  objectedAt: true,
  objectionAnsweredAt: true,
  hearingUntil: true,
  answeredAt: true,
  overturnedAt: true,
  reviewAskedAt: true,
  noDeciderAt: true,
  heardAt: true,
  unheardSeq: true,
  erasedAt: true,
} as const satisfies Record<keyof CaseSnapshot, true>

/**
 * Returns the whole case as one canonical text, which the audit log hashes. Empty values are left out, so that a new field does
 * not change the hash of cases without it.
 */
export function recordOf(
  c: Partial<CaseSnapshot>,
  particulars: Particulars,
  imeis: readonly { readonly imei: string }[],
): string {
  // The unit is left out if it is the area's own, so that cases keep their hash from before units and areas were separate.
  const { unitId, ...own } = c
  const fields = Object.entries(unitId === c.areaId ? own : c).filter(([field]) => field in SNAPSHOT_FIELDS)
  const record = { ...Object.fromEntries(fields), particulars, imeis: imeis.map(({ imei }) => imei) }
  const isEmpty = (value: unknown) => value === null || value === false || value === ''
  return canonicalJson(JSON.parse(JSON.stringify(record, (_, value) => (isEmpty(value) ? undefined : value))))
}

export const applyTransition = (
  c: CaseSnapshot,
  { move, set, claim, version }: Transition,
): CaseSnapshot => ({
  ...c,
  ...set,
  version: version + 1,
  primaryClaim: claim === 'keep' ? c.primaryClaim : claim === 'gain',
  imeiUnknown: c.imeiUnknown && ruleOf(move).setsImei !== true,
})
