/** `npm run keys:rotate`: brings everything under the keys of today; docs/operations.md says when. Needs DATABASE_URL. */
import { rotateKeys } from '#server/cases/commands/rotate-keys.ts'
import { db } from '#server/platform/db.ts'

try {
  const done = await rotateKeys(undefined, (batches) => {
    if (batches % 50 === 0) process.stdout.write('.')
  })
  console.log(
    done
      ? 'Everything is under the keys of today: ANTAM_KEY_ALSO and ANTAM_INDEX_KEY_ALSO can be taken away.'
      : 'Something was written under an older key meanwhile: give every server and worker the new keys, then run it again.',
  )
  process.exitCode = done ? 0 : 1
} catch (error) {
  console.error(`Not finished, and nothing is lost: ${(error as Error).message}`)
  process.exitCode = 1
} finally {
  await db.$disconnect().catch(() => {})
}
