import '#server-only'
import { db } from '#server/platform/db.ts'

/** Writes rows that came together again in an order drawn at random; answers how many (see the function's comment). */
export async function mixRows(least: number, most: number): Promise<number> {
  const [row] = await db.$queryRaw<{ done: number }[]>`SELECT survey_mix(${least}::int, ${most}::int) AS done`
  return row?.done ?? 0
}
