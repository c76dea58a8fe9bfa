import '#server-only'
import { unitOf } from '#features/areas/data.ts'
import { type NoticeParams, notify } from '#features/notices/acts.ts'
import type { Instant } from '#lib/time.ts'
import { catalogue } from '#messages/catalogue.ts'
import { languageOf } from '#messages/ready-text.ts'
import type { Tx } from '#platform/db.ts'
import { contactsInForce } from '../contacts/rules.ts'
import { openFile } from '../particulars/data.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { whomToCall } from './call-acts.ts'

/** What a message about lateness names; `message` is the answer of city police to a complaint. */
export type LateWords = Pick<NoticeParams, 'since' | 'until' | 'owed' | 'message'>

/** Tells every contact of a case that police are late, or how its complaint was answered; false where there is no contact. */
export async function tellCaseOfLateness(
  tx: Tx,
  c: CaseSnapshot,
  template: 'late' | 'late_answered',
  words: LateWords,
  now: Instant,
): Promise<boolean> {
  const file = await openFile(c, tx)
  const { key, locale } = file
  const contacts = contactsInForce(file.particulars, now)
  const language = languageOf(locale)
  const unit = await unitOf(c.unitId, tx)
  const area = (language === 'vi' ? unit?.nameVi : unit?.nameEn) ?? ''
  const params = {
    number: c.number,
    ...words,
    unit: catalogue[language].common.unit.police.replace('{area}', area),
    ...(await whomToCall(tx, template, c.unitId, file)),
  }
  for (const to of contacts) await notify(tx, { key, to, template, locale, params, at: now })
  return contacts.length > 0
}
