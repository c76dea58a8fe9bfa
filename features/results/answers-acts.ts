import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import { listPublishedQuestionnaires } from '#features/questionnaires/versions/data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { csvLine, withoutFormulas } from '#lib/csv.ts'
import type { Instant } from '#lib/time.ts'
import { transaction } from '#platform/db.ts'
import { readRawAnswers } from './answers-data.ts'

/**
 * Returns the counted answers to one version as CSV in pieces: the choices, the agency, the months, and whether the
 * answer is kept out of the figures because the same network had already answered that day. The file has no words of
 * citizens. It has no answers that still wait for their ten, so that two exports differ by tens. Null for a person
 * without the permission and for an unknown version. Writes an audit entry before the file begins.
 */
export async function exportAnswers(
  actor: StaffActor,
  version: number,
  now: Instant,
): Promise<AsyncGenerator<string> | null> {
  if (!may(actor.role, 'survey:manage')) return null
  const found = (await listPublishedQuestionnaires(now)).find((one) => one.version === version)
  if (found === undefined) return null
  await transaction((tx) =>
    audit(tx, {
      actor: { kind: 'staff', id: actor.id },
      act: 'survey.export',
      subject: { kind: 'questionnaire', id: String(version) },
      at: now,
    }),
  )
  const questions = found.questions.filter(({ options }) => options.length > 0)
  return (async function* () {
    yield csvLine([
      'agency',
      'published_month',
      'service_month',
      'with_code',
      'same_network',
      ...questions.map(({ key }) => key),
    ])
    for await (const lines of readRawAnswers(version, questions))
      if (lines !== '') yield withoutFormulas(lines)
  })()
}
