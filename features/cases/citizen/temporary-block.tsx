import type { Instant } from '#lib/time.ts'
import type { Standing } from '../standing/rules.ts'

export interface TemporaryBlockProps {
  readonly standing: Standing
  /** No carrier has been told of it yet. */
  readonly queued: boolean
  readonly now: Instant
}
