import '#server-only'
import type { Instant } from '#domain/time.ts'
import { transaction } from '#server/platform/db.ts'
import { readmitComments } from '../repository/comments.ts'
import { readmitOne } from '../repository/exclusions.ts'
import { countOne } from '../repository/publication.ts'
import { questionnaire } from '../repository/questionnaires.ts'
import { publish } from './publish.ts'

/** Few enough that an agency's row is not held for long. */
const AT_A_TIME = 20

/**
 * Counts every answer of a reversed group, a few in each transaction, and then lets its comments wait with the last of
 * them. Doing it again goes on where it stopped.
 */
export async function readmit(exclusionId: string, now: Instant): Promise<void> {
  while (await readmitSome(exclusionId, now)) {}
}

const readmitSome = (exclusionId: string, now: Instant): Promise<boolean> =>
  transaction(async (tx) => {
    for (let done = 0; done < AT_A_TIME; done++) {
      const key = await readmitOne(tx, exclusionId)
      if (key === null) {
        await readmitComments(tx, exclusionId)
        return false
      }
      // One by one: ten that wait are published before the eleventh is there.
      if (await countOne(tx, key))
        await publish(tx, key.agencyId, await questionnaire(key.questionnaireVersion), now)
    }
    return true
  })
