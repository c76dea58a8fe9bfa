import { randomUUID } from 'node:crypto'
import { askForSecondPerson, confirmRequest } from '#features/city-report/commands/second-person.ts'
import type { RequestSubject } from '#features/city-report/queries/requests.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import type { RawForm } from '#lib/raw-form.ts'
import type { Instant } from '#lib/time.ts'
import { makeStaff } from './staff.ts'

/** Has an act done that needs two survey managers: one asks, another confirms. Returns the answer to the second. */
export async function byTwo(
  asker: StaffActor,
  subject: RequestSubject,
  typed: RawForm,
  now: Instant,
): ReturnType<typeof confirmRequest> {
  const asked = await askForSecondPerson(asker, { subject, typed, submitKey: randomUUID() }, now)
  if (!asked.ok) throw new Error(`not asked: ${JSON.stringify(asked.error)}`)
  const second = await makeStaff('survey_manager')
  return confirmRequest(second, { requestId: asked.value, submitKey: randomUUID() }, now)
}
