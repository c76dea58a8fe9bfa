/** Holds what people do here, in the order of the status page. */
export const STATUS_PARTS = ['report', 'proof', 'check', 'rate', 'messages', 'blocking'] as const
type Part = (typeof STATUS_PARTS)[number]
/** `limited`: it works, and something of it comes late. */
type PartState = 'works' | 'limited' | 'away'

/** The checks without which nothing of a part works. */
const NEEDS: Readonly<Record<Part, readonly string[]>> = {
  report: ['database', 'schema', 'keys', 'queue', 'reference'],
  proof: ['database', 'schema', 'keys', 'storage'],
  check: ['database', 'schema', 'keys', 'reference'],
  rate: ['database', 'schema', 'keys', 'reference'],
  messages: ['database', 'queue'],
  blocking: ['database', 'schema', 'keys', 'queue', 'audit'],
}
/** The checks that say "stopped" where a part is late or rests. */
const LIMITS: Partial<Record<Part, string>> = { proof: 'storage', messages: 'messages', blocking: 'audit' }

/** Returns how each part stands by the checks of readiness; a check that was not made counts as failed. */
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

/** How a part stands, and since when this site has known it so. */
interface Standing {
  readonly state: PartState
  /** ISO. */
  readonly since: string
}
export type Status = Readonly<Record<Part, Standing>>

/** Returns the status that follows another: what has not changed stands since then. */
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
