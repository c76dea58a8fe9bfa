import '#server-only'
import { noteLoaded } from '#features/audit/entries/acts.ts'
import { parseTacLine, type TacFault, type TacLine, type TacRow } from '#lib/imei/tac.ts'
import { upsertTacs } from './data.ts'

const BATCH = 2_000
const SHOWN_FAULTS = 100

/** Imports `TAC,Manufacturer,Model` records in batches. Skips faulty lines and lists the first hundred. Safe to repeat. */
export async function importTacs(lines: AsyncIterable<TacLine>) {
  let changed = 0
  let rows = 0
  let faulty = 0
  const faults: { line: number; fault: TacFault }[] = []
  let batch = new Map<string, TacRow>()
  const flush = async () => {
    changed += await upsertTacs([...batch.values()])
    batch = new Map()
  }
  for await (const line of lines) {
    const parsed = parseTacLine(line)
    if (!parsed.ok) {
      if (parsed.error === 'header' || parsed.error === 'blank') continue
      faulty++
      if (faults.length < SHOWN_FAULTS) faults.push({ line: line.number, fault: parsed.error })
      continue
    }
    if (!batch.has(parsed.value.tac)) rows++
    batch.set(parsed.value.tac, parsed.value)
    if (batch.size === BATCH) await flush()
  }
  await flush()
  if (changed > 0) await noteLoaded('tacs', changed, new Date())
  return { changed, same: rows - changed, faults, faulty }
}
