import '#server-only'
import { caseKeyFor } from '#features/cases/queries/blocking.ts'
import type { DisclosureInput } from '#features/cases/rules/disclosure.ts'
import { type DisclosureRefusal, openProof } from '#features/disclosures/commands/open.ts'
import { countEvidence } from '#features/evidence/queries.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import type { Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { find, openFile } from '../data.ts'

/** Opens papers and contact to the officer who weighs them: the holder's, and the reporter's where there is one. */
export const discloseObjection = (
  reader: StaffReader,
  input: DisclosureInput,
  now: Instant,
): Promise<Result<true, DisclosureRefusal>> =>
  openProof(
    reader,
    'objection',
    input,
    async (tx, scope) => {
      const o = await find(scope, { number: input.number }, tx)
      if (!o) return null
      const { key } = await openFile(o.id, tx)
      const holder = { key, of: 'objection', files: await countEvidence(key.caseId, tx) } as const
      const reporter = o.againstId === null ? null : await caseKeyFor(scope, o.againstId, tx)
      if (!reporter) return [holder]
      return [holder, { key: reporter, of: 'case', files: await countEvidence(reporter.caseId, tx) }]
    },
    now,
  )
