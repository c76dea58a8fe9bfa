import '#server-only'
import { transaction } from '#platform/db.ts'
import { readmitComments } from '../repository/comments.ts'
import { readmitOne } from '../repository/exclusions.ts'
import { countRepeated } from '../repository/publication.ts'

/** Few enough that an agency's row is not held for long. */
const AT_A_TIME = 20

/**
 * Counts every answer of a reversed group, a few in each transaction, and then lets its comments wait with the last of
 * them. Doing it again goes on where it stopped.
 */
export async function recountExcluded(exclusionId: string): Promise<void> {
  while (await readmitSome(exclusionId)) {}
}

const readmitSome = (exclusionId: string): Promise<boolean> =>
  transaction(async (tx) => {
    for (let done = 0; done < AT_A_TIME; done++) {
      const key = await readmitOne(tx, exclusionId)
      if (key === null) {
        await readmitComments(tx, exclusionId)
        return false
      }
      // One address sent many of them and is no longer known: they wait for ten other people.
      await countRepeated(tx, key)
    }
    return true
  })
