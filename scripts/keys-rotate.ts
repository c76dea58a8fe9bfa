/**
 * `npm run keys:rotate`: wraps everything with today's keys; docs/operations/keys.md says when. On DATABASE_URL or, beside
 * `npm start`, on the embedded database.
 */
import { rotateKeys } from '#features/cases/keys/acts.ts'
import { retireOldKeys } from '#features/installation/acts.ts'
import { readArguments } from './arguments.ts'
import { onDatabase } from './on-database.ts'

readArguments('usage: npm run keys:rotate', {})
await onDatabase(async () => {
  const done = await rotateKeys(undefined, (batches) => {
    if (batches % 50 === 0) process.stdout.write('.')
  }).catch((error: Error) => {
    throw new Error(`Not finished, and nothing is lost: ${error.message}`)
  })
  if (done) await retireOldKeys(new Date())
  console.log(
    done
      ? 'Everything is under the keys of today: ANTAM_KEY_ALSO and ANTAM_INDEX_KEY_ALSO can be taken away.'
      : 'Something was written under an older key meanwhile: give every server and worker the new keys, then run it again.',
  )
  return done ? 0 : 1
})
