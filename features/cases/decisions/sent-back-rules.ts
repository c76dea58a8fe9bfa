import type { Instant } from '#lib/time.ts'
import type { SentBack } from '../moves/transition-rules.ts'

interface Happened {
  readonly seq: number
  readonly move: string
  readonly actorId: string | null
  readonly at: Instant
}

/** Returns the verification that a case's last move sent back; null where its last move did something else. */
export function sentBackIn(events: readonly Happened[], version: number): SentBack | null {
  const newest = (name: string) =>
    events.filter(({ move }) => move === name).toSorted((a, b) => b.seq - a.seq)[0]
  const [back, verified] = [newest('send_back'), newest('verify')]
  if (back?.seq !== version || back.actorId === null || !verified || verified.actorId === null) return null
  return { byId: back.actorId, verifiedById: verified.actorId, decidedAt: verified.at }
}
