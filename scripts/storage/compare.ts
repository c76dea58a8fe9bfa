import { compareFiles } from '#features/evidence/stores/compare-data.ts'
import { checkStore } from '#features/installation/data.ts'
import { systemScope } from '#lib/access/scope.ts'
import { inScope } from '#platform/scope.ts'
import { reportStorage, storesOf } from '#platform/storage.ts'
import { insisting } from '#platform/storage-copy.ts'
import { reportKeys } from './reports.ts'

/**
 * Compares the database with the files in the stores; prints a JSON line for each difference and one for the sum. Returns
 * 1 if a difference was not adopted.
 */
export async function compare({
  read,
  adopt,
}: {
  readonly read: boolean
  readonly adopt: boolean
}): Promise<number> {
  const { fault } = await checkStore()
  if (fault !== null) throw new Error(fault)
  const say = (line: object) => console.log(JSON.stringify(line))
  // Adopting a file looks for its evidence, which no other scope sees.
  const result = await inScope(systemScope(), () =>
    compareFiles(storesOf('evidence'), {
      read,
      adopt,
      found: (finding, key, store) => say({ finding, key, store }),
    }),
  )
  let reports = 0
  for (const key of await reportKeys()) {
    if ((await insisting(() => reportStorage().size(key))) !== null) continue
    reports++
    say({ finding: 'missing', key, store: 'reports' })
  }
  const { missing, size, checksum, unknown, adopted } = result
  const agrees = missing + size + checksum + reports + unknown - adopted === 0
  say({ ...result, reports, read, agrees })
  return agrees ? 0 : 1
}
