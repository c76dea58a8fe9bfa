import '#server-only'
import type { StaffReader } from '#domain/access/actor.ts'
import { may } from '#domain/access/roles.ts'
import { staffScope } from '#domain/access/scope.ts'
import { type DisclosureReason, searchedBy } from '#domain/case/disclosure.ts'
import { readSearch } from '#domain/case/search.ts'
import { err, ok, type Result } from '#domain/result.ts'
import type { Instant } from '#domain/time.ts'
import { recordSearch } from '#server/disclosures/commands/lookup.ts'
import { openCase } from '#server/disclosures/commands/open.ts'
import { countEvidence } from '#server/evidence/loaders.ts'
import { inScope } from '#server/platform/scope.ts'
import { actOnce } from '#server/submissions/commands.ts'
import { find, openFile, opponents } from '../repository.ts'

export interface DisclosureInput {
  readonly number: string
  readonly submitKey: string
  readonly reason: DisclosureReason
  readonly note: string
}

export type DisclosureRefusal = 'forbidden' | 'not_found' | 'note_missing'

/**
 * Opens a case's papers and contact to somebody of the police, for half an hour of their session: with a reason that
 * the citizen reads. Whoever settles a conflict opens every side of it.
 */
export async function discloseCase(
  reader: StaffReader,
  input: DisclosureInput,
  now: Instant,
): Promise<Result<true, DisclosureRefusal>> {
  const scope = staffScope(reader)
  if (!scope || !may(reader.role, 'case:disclose')) return err('forbidden')
  const { number, submitKey, reason } = input
  const note = input.note.trim()
  if (reason === 'other' && note === '') return err('note_missing')
  return inScope(scope, () =>
    actOnce<true, DisclosureRefusal>(submitKey, `case.disclose:${reader.id}`, now, async (tx) => {
      const c = await find(scope, { number }, tx)
      if (!c) return err('not_found')
      const { key, imeis } = await openFile(c, tx)
      const keys = [key]
      if (c.held === 'conflict' && may(reader.role, 'case:resolve_conflict')) {
        const phones = imeis.map(({ key14 }) => key14)
        for (const other of await opponents(tx, c.id, phones, true))
          keys.push((await openFile(other, tx)).key)
      }
      for (const one of keys) {
        const files = await countEvidence(one.caseId)
        await openCase(tx, reader, { key: one, reason, note, files }, now)
      }
      return ok(true)
    }),
  )
}

/** Writes down a search by somebody's data before its answer is shown. */
export async function searchedFor(reader: StaffReader, text: string, now: Instant): Promise<void> {
  const kinds = searchedBy(readSearch(text, now))
  if (kinds.length > 0) await recordSearch(reader, kinds, now)
}
