import '#server-only'
import { addMilliseconds, type Instant } from '#lib/time.ts'
import { countTry } from '../repository/sign-in.ts'
import { waitAfter } from '../rules/sign-in.ts'

export interface Wait {
  readonly code: 'wait'
  readonly seconds: number
}

/** Counts a try, or answers how long it has to wait for the failures before it. */
export async function beginTry(keyHash: Uint8Array<ArrayBuffer>, now: Instant): Promise<Wait | null> {
  const early = await countTry(keyHash, now, waitAfter)
  if (!early) return null
  const until = addMilliseconds(early.lastAt, waitAfter(early.count))
  return { code: 'wait', seconds: Math.ceil((until.getTime() - now.getTime()) / 1000) }
}
