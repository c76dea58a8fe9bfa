import '#server-only'
import { recordSearch } from '#features/disclosures/lookups/acts.ts'
import { type DisclosureRefusal, openProof, type Side } from '#features/disclosures/openings/acts.ts'
import { countEvidence } from '#features/evidence/files/page-data.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import type { Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { findOpposingCases } from '../claims/data.ts'
import { readObjectionKeys } from '../conflict/data.ts'
import { isLentTo } from '../moves/lifecycle-rules.ts'
import { openCaseFile } from '../particulars/data.ts'
import { readSearch } from '../queue/search-rules.ts'
import { findCase } from '../record/data.ts'
import { weighsObjections } from '../record/snapshot-rules.ts'
import { type DisclosureInput, searchedBy } from './rules.ts'

/**
 * Opens a case's papers and contact. The person who settles a conflict opens every side of it. The person who decides on an
 * unblock while the phone's holder objects opens the holder's papers as well.
 */
export const discloseCase = (
  reader: StaffReader,
  input: DisclosureInput,
  now: Instant,
): Promise<Result<true, DisclosureRefusal>> =>
  openProof(
    reader,
    'case',
    input,
    async (tx, scope) => {
      const c = await findCase(scope, { number: input.number }, tx)
      if (!c) return null
      const { key, imeis } = await openCaseFile(c, tx)
      const keys = [key]
      const objections = weighsObjections(c) ? await readObjectionKeys(tx, c.id) : []
      if (c.held === 'conflict' && (may(reader.role, 'case:resolve_conflict') || isLentTo(c, reader))) {
        const phones = imeis.map(({ key14 }) => key14)
        for (const other of await findOpposingCases(tx, c.id, phones, true))
          keys.push((await openCaseFile(other, tx)).key)
      }
      const sides: Side[] = []
      for (const one of keys) sides.push({ key: one, files: await countEvidence(one.caseId, tx) })
      for (const one of objections)
        sides.push({ key: one, of: 'objection', files: await countEvidence(one.caseId, tx) })
      return sides
    },
    now,
  )

/** Records a search by personal data before its result is shown. */
export async function searchedFor(reader: StaffReader, text: string, now: Instant): Promise<void> {
  const kinds = searchedBy(readSearch(text, now))
  if (kinds.length > 0) await recordSearch(reader, kinds, now)
}
