import '#server-only'
import type { StaffReader } from '#domain/access/actor.ts'
import { may } from '#domain/access/roles.ts'
import { staffScope } from '#domain/access/scope.ts'
import type { DisclosureReason } from '#domain/case/disclosure.ts'
import { err, ok, type Result } from '#domain/result.ts'
import type { Instant } from '#domain/time.ts'
import { caseKeyFor } from '#server/cases/loaders/blocking.ts'
import { openCase } from '#server/disclosures/commands/open.ts'
import { countEvidence } from '#server/evidence/loaders.ts'
import { inScope } from '#server/platform/scope.ts'
import { actOnce } from '#server/submissions/commands.ts'
import { find, openFile } from '../repository.ts'

export interface ObjectionDisclosure {
  readonly number: string
  readonly submitKey: string
  readonly reason: DisclosureReason
  readonly note: string
}

export type ObjectionDisclosureRefusal = 'forbidden' | 'not_found' | 'note_missing'

/**
 * Opens both sides' papers and contact to somebody of the police who weighs them, for half an hour of their session: with a
 * reason that the holder and the reporter each read on their own page.
 */
export async function discloseObjection(
  reader: StaffReader,
  input: ObjectionDisclosure,
  now: Instant,
): Promise<Result<true, ObjectionDisclosureRefusal>> {
  const scope = staffScope(reader)
  if (!scope || !may(reader.role, 'case:disclose')) return err('forbidden')
  const { number, submitKey, reason } = input
  const note = input.note.trim()
  if (reason === 'other' && note === '') return err('note_missing')
  return inScope(scope, () =>
    actOnce<true, ObjectionDisclosureRefusal>(
      submitKey,
      `objection.disclose:${reader.id}`,
      now,
      async (tx) => {
        const o = await find(scope, { number }, tx)
        if (!o) return err('not_found')
        const reporters = o.againstId === null ? null : await caseKeyFor(scope, o.againstId, tx)
        const sides = [
          { key: (await openFile(o.id, tx)).key, of: 'objection' } as const,
          ...(reporters ? [{ key: reporters, of: 'case' } as const] : []),
        ]
        for (const side of sides) {
          const files = await countEvidence(side.key.caseId, tx)
          await openCase(tx, reader, { ...side, reason, note, files }, now)
        }
        return ok(true)
      },
    ),
  )
}
