import type { Instant } from '#lib/time.ts'
import type { CaseStanding } from '../standing/rules.ts'

export interface TemporaryBlockProps {
  readonly standing: CaseStanding
  /** No carrier has been told of it yet. */
  readonly queued: boolean
  readonly now: Instant
}
