export const STATUS_PARTS = ['report', 'proof', 'check', 'rate', 'messages', 'blocking'] as const
type Part = (typeof STATUS_PARTS)[number]
/** `limited`: it works, but something comes late. */
type PartState = 'works' | 'limited' | 'away'

/** A part is away if any of these checks fails. */
const NEEDS: Readonly<Record<Part, readonly string[]>> = {
  report: ['database', 'schema', 'keys', 'queue', 'reference'],
  proof: ['database', 'schema', 'keys', 'storage'],
  check: ['database', 'schema', 'keys', 'reference'],
  rate: ['database', 'schema', 'keys', 'reference'],
  messages: ['database', 'queue'],
  blocking: ['database', 'schema', 'keys', 'queue', 'audit'],
}
/** A part is limited if this check reports something stopped. */
const LIMITS: Partial<Record<Part, string>> = { proof: 'storage', messages: 'messages', blocking: 'audit' }

/** Derives each part's state from the readiness checks; a missing check counts as failed. */
export function statesOf(
  checks: readonly {
    readonly name: string
    readonly ok: boolean
    readonly stopped?: string
  }[],
): Readonly<Record<Part, PartState>> {
  const find = (name: string) => checks.find((check) => check.name === name)
  const stateOf = (part: Part): PartState => {
    if (NEEDS[part].some((name) => find(name)?.ok !== true)) return 'away'
    const limit = LIMITS[part]
    return limit !== undefined && find(limit)?.stopped !== undefined ? 'limited' : 'works'
  }
  return Object.fromEntries(STATUS_PARTS.map((part) => [part, stateOf(part)])) as Record<Part, PartState>
}

/** `since`: when this site first saw the state, in ISO. */
interface Standing {
  readonly state: PartState
  readonly since: string
}
export type Status = Readonly<Record<Part, Standing>>

/** Returns the next status; a part with the same state keeps its `since`. */
export const followStatus = (
  before: Status | null,
  states: Readonly<Record<Part, PartState>>,
  now: Date,
): Status =>
  Object.fromEntries(
    STATUS_PARTS.map((part) => {
      const last = before?.[part]
      return [part, last?.state === states[part] ? last : { state: states[part], since: now.toISOString() }]
    }),
  ) as Record<Part, Standing>
