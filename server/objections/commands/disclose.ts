import '#server-only'
import type { StaffReader } from '#domain/access/actor.ts'
import type { DisclosureInput } from '#domain/case/disclosure.ts'
import type { Result } from '#domain/result.ts'
import type { Instant } from '#domain/time.ts'
import { caseKeyFor } from '#server/cases/loaders/blocking.ts'
import { type DisclosureRefusal, openProof } from '#server/disclosures/commands/open.ts'
import { countEvidence } from '#server/evidence/loaders.ts'
import { find, openFile } from '../repository.ts'

/** Opens both sides' papers and contact to whoever weighs them: the holder's, and the reporter's where there is one. */
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
