import { clearLeft } from '#features/evidence/stores/clear-acts.ts'
import { noteCleared } from '#features/installation/acts.ts'
import { checkStore, listRunningProcesses } from '#features/installation/data.ts'
import { isLeft } from '#features/installation/stores/data.ts'
import { evidenceStorage, reportStorage, storageOf, stores } from '#platform/storage.ts'
import { insisting } from '#platform/storage-copy.ts'
import { reportKeys } from './reports.ts'

/** Removes from a former store the files that are in the current one; returns the exit code. */
export async function clear(url: string): Promise<number> {
  const [left, today] = [storageOf(url, 'evidence'), evidenceStorage()]
  const fault = (await checkStore()).fault ?? (await whyNot(url))
  if (fault !== null) {
    console.error(fault)
    return 1
  }
  const { removed, kept } = await clearLeft(left, today)
  const reports = storageOf(url, 'reports')
  for (const key of await reportKeys()) {
    const [here, there] = await insisting(() => Promise.all([reports.size(key), reportStorage().size(key)]))
    if (here !== null && here === there) await reports.remove(key)
  }
  await noteCleared(left.name, removed, new Date())
  console.log(`${removed} files removed from ${left.place}.`)
  if (kept.length === 0) return 0
  console.error(
    `${kept.length} files stay there, such as ${kept[0]}: the database does not know them, or they do not lie in ${today.place} as it says. npm run storage -- compare tells more.`,
  )
  return 1
}

async function whyNot(url: string): Promise<string | null> {
  const left = storageOf(url, 'evidence')
  const { main, also } = stores('evidence')
  if (left.name === main.name) return `${url} is the store of today.`
  if (also !== null) return 'Take STORAGE_URL_ALSO away first, from every process and from this command.'
  if (!(await isLeft(left.name)))
    return `Files of this database may still lie in ${left.name}: npm run storage -- move.`
  const own = await main.installation()
  if ((await left.installation()) !== own) return `${left.place} is not of the installation ${own}.`
  const reads = (await listRunningProcesses()).filter(({ stores: names }) => names.includes(left.name))
  return reads.length === 0
    ? null
    : `${reads.length} processes still read ${left.name}: start them without STORAGE_URL_ALSO.`
}
