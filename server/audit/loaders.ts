import '#server-only'
import type { Tx } from '#server/platform/db.ts'
import { newestHead, waitsLonger } from './repository/tree.ts'

/** So many minutes may an entry wait for its sealing; then nothing is decided any more that blocks a phone. */
const PATIENCE = 15

/** Whether sealing has failed for so long that acts of power must wait for it. */
export const sealingFails = (tx?: Tx): Promise<boolean> => waitsLonger(PATIENCE, tx)

/** When the log was last sealed; null before the first time. */
export const lastSealed = async (): Promise<Date | null> => (await newestHead())?.sealedAt ?? null
