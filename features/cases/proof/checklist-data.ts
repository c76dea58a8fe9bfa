import '#server-only'
import { listEvidenceKinds } from '#features/evidence/files/page-data.ts'
import { readProofReading } from '#features/evidence/readings/data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { staffScope } from '#lib/access/scope.ts'
import { transaction } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { type CaseDecision, moveOf } from '../decisions/rules.ts'
import { parseCaseNumber } from '../numbers/rules.ts'
import { openFile } from '../particulars/data.ts'
import { find, readStatedPhone } from '../record/data.ts'
import {
  type Answerable,
  answerable,
  type GivenCheck,
  IMEI_CHECKS,
  imeiChecksOf,
  suggested,
} from './rules.ts'

/**
 * Returns what the checklist of a decision on a case asks now, and the answers that the machine and the kind of evidence
 * suggest; null where there is no such case in the person's scope. For a form without a script, and for what it lacks.
 */
export async function readChecklist(
  actor: StaffActor,
  written: string,
  decision: CaseDecision,
): Promise<{ readonly can: Answerable; readonly suggestion: GivenCheck } | null> {
  const scope = staffScope(actor)
  const number = parseCaseNumber(written)
  if (!scope || !number.ok) return null
  const c = await find(scope, { number: number.value })
  if (!c || c.erasedAt !== null) return null
  const { imeis } = await inScope(scope, () => openFile(c))
  const keys = imeis.map(({ key14 }) => key14)
  const { files } = await readProofReading(scope, c.id, keys, true)
  const read = files.flatMap(({ found }) => found.map(({ key }) => String(key)))
  return inScope(scope, () =>
    transaction(async (tx) => {
      const { brand, model, colour } = await readStatedPhone(c.id, tx)
      const asked = imeiChecksOf(moveOf(decision, c.state), imeis)
      const can = answerable(asked, await listEvidenceKinds(tx, [c.id]), [brand, model, colour].some(Boolean))
      return {
        can,
        suggestion: suggested(
          can,
          IMEI_CHECKS.filter((_, at) => read.includes(keys[at] ?? '')),
        ),
      }
    }),
  )
}
