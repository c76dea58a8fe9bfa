import '#server-only'
import type { Instant } from '#lib/time.ts'
import { db } from '../db.ts'

export interface StoredToken {
  readonly sealed: Uint8Array<ArrayBuffer>
  readonly expiresAt: Instant
}

export const storedToken = (): Promise<(StoredToken & { fault: string | null }) | null> =>
  db.zaloToken.findFirst({ select: { sealed: true, expiresAt: true, fault: true } })

/** Gives the turn back; with `fault`, nobody takes it until another token is given. */
export async function giveTurnBack(fault: string | null): Promise<void> {
  await db.zaloToken.updateMany({ data: { renewingUntil: null, fault } })
}
