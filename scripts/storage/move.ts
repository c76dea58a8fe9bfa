import { moveFiles } from '#features/evidence/stores/move-acts.ts'
import { leaveStore } from '#features/installation/acts.ts'
import { checkStore, listRunningProcesses } from '#features/installation/data.ts'
import { sayNotReady } from '#features/installation/stores/rules.ts'
import { type Storage, stores } from '#platform/storage.ts'
import { storageAddress, storageName } from '#platform/storage-address.ts'
import { copyFile, insisting } from '#platform/storage-copy.ts'
import { reportKeys } from './reports.ts'

const STEPS = `Files are moved while the product runs, from one store to the other (docs/operations/evidence.md, Moving to another store):
1. Start every web server and worker, one after the other, with the store of today as STORAGE_URL and the new one as STORAGE_URL_ALSO.
2. Start each once more with the two exchanged: new files go to the new store from then on.
3. npm run storage -- move, with the same two variables. It may be ended and begun again.`

/** The maximum number of walks: another one starts only if files were written during the last. */
const WALKS = 3

/** Moves every file into STORAGE_URL from STORAGE_URL_ALSO; returns the exit code. */
export async function move(to: string | undefined): Promise<number> {
  const { main, also } = stores('evidence')
  const wanted = to === undefined ? null : storageAddress(to)
  const isOther = to !== undefined && (wanted === null || storageName(wanted) !== main.name)
  if (also === null || isOther) {
    console.error(STEPS)
    return 2
  }
  const { fault } = await checkStore()
  if (fault !== null) throw new Error(fault)
  if (!(await areReady(also, main))) return 1
  for (let walk = 1; walk <= WALKS; walk++) {
    const moved = await moveFiles(also, main, {
      say: ({ files, there, bytes }) =>
        console.log(
          `${there} of ${files} files so far are in ${main.place} (${megabytes(bytes)} MB copied).`,
        ),
    })
    for (const [words, keys] of [
      ['are in neither store', moved.missing],
      ['are not what was stored, and were not copied', moved.damaged],
      ['are in the way of others of that name', moved.differs],
    ] as const)
      if (keys.length > 0) console.error(`${keys.length} files ${words}, such as ${keys[0]}.`)
    if (moved.missing.length + moved.damaged.length + moved.differs.length > 0) {
      console.error(
        'NOT ALL moved: bring those back from a backup, then run this again. Both stores are needed.',
      )
      return 1
    }
    if (moved.there < moved.files) continue
    const reports = await moveReports()
    if (!(await areReady(also, main))) return 1
    await leaveStore(also.name, main.name, moved.files, new Date())
    console.log(
      `All ${moved.files} files of evidence and ${reports} of reports are in ${main.place}. Take STORAGE_URL_ALSO away and start every process once more. What lies in ${also.place} stays there until: npm run storage -- clear --from URL.`,
    )
    return 0
  }
  console.error('Files were still written anew: run this again.')
  return 1
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1)

async function areReady(from: Storage, to: Storage): Promise<boolean> {
  const faults = sayNotReady(await listRunningProcesses(), from.name, to.name)
  for (const fault of faults) console.error(fault)
  return faults.length === 0
}

/** Copies the survey's reports, which are no evidence and can be redrawn; returns the number of files. */
async function moveReports(): Promise<number> {
  const { main, also } = stores('reports')
  const keys = await reportKeys()
  if (also === null) return keys.length
  for (const key of keys) {
    const { outcome } = await insisting(() => copyFile(also, main, key, null))
    if (outcome !== 'copied') console.error(`The report's file ${key} was not copied: ${outcome}.`)
  }
  return keys.length
}
