import '#server-only'
import { mixRows } from '../repository/mixing.ts'

/** As with published figures: among nine others nobody can be told. */
const LEAST = 10
/** A transaction's worth. */
const MOST = 5_000

/** Takes from the order of rows what would join an answer with its receipt, comment and code. */
export async function mix(): Promise<void> {
  while ((await mixRows(LEAST, MOST)) >= MOST) {}
}
