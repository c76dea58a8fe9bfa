import '#server-only'
import { createTranslator } from 'use-intl/core'
import { unitOf } from '#features/areas/data.ts'
import { citySettings } from '#features/lookup-tables/data.ts'
import { isUrgent, type NoticeParams, type NoticeTemplate, notify } from '#features/notices/acts.ts'
import { systemScope } from '#lib/access/scope.ts'
import { groupTelephone } from '#lib/telephone.ts'
import type { Instant } from '#lib/time.ts'
import { catalogue } from '#messages/catalogue.ts'
import { languageOf } from '#messages/ready-text.ts'
import type { Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { contactsInForce } from '../contacts/rules.ts'
import { saidToLostNumber } from '../moves/watch-rules.ts'
import { type CaseFile, openCaseFile } from '../particulars/data.ts'
import { type Contact, isImported } from '../particulars/rules.ts'
import { findCase } from '../record/data.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import type { CaseState } from '../record/state-rules.ts'

/**
 * Returns the values that an urgent message of a case needs, in the message's language: the phone number to call and,
 * for a case that police brought in, the name of the unit. The person of such a case has no secret and cannot act on
 * the page. Returns no values for any other message.
 */
export async function readWhomToCall(
  tx: Tx,
  template: NoticeTemplate,
  unitId: string,
  { locale, particulars }: Pick<CaseFile, 'locale' | 'particulars'>,
): Promise<Pick<NoticeParams, 'call' | 'desk'>> {
  const desk = isImported(particulars)
  if (!desk && !isUrgent(template)) return {}
  const language = languageOf(locale)
  const unit = await unitOf(unitId, tx)
  const area = (language === 'vi' ? unit?.nameVi : unit?.nameEn) ?? ''
  const t = createTranslator({
    locale: language,
    messages: catalogue[language],
    namespace: 'common.unit',
  })
  return {
    call: groupTelephone(unit?.phone?.replaceAll(' ', '') ?? citySettings().hotline),
    ...(desk && { desk: t('police', { area }) }),
  }
}

/**
 * Sends a message to every contact of a case. A number that was in the lost phone may get other words, or none
 * (`saidToLostNumber`).
 *
 * @param state the state of the case from now on
 */
export async function tellContacts(
  tx: Tx,
  {
    c: { number, unitId },
    file,
    template,
    params,
    state,
  }: {
    readonly c: Pick<CaseSnapshot, 'number' | 'unitId'>
    readonly file: CaseFile
    readonly template: NoticeTemplate
    readonly params: NoticeParams
    readonly state: CaseState
  },
  now: Instant,
): Promise<void> {
  const { key, locale, particulars } = file
  const contacts = contactsInForce(particulars, now)
  const wasInPhone = ({ value }: Contact) => particulars.phoneNumbers.includes(value)
  const facts = {
    ...{ to: state, alone: contacts.every(wasInPhone) },
    ...{ mayWatch: env().RECOVERY === 'on', urgent: isUrgent(template) },
  }
  for (const to of contacts) {
    const said = wasInPhone(to) ? saidToLostNumber(template, facts) : 'all'
    if (said === 'nothing') continue
    const sent =
      said === 'all'
        ? { template, params }
        : { template: said, params: { number, ...(await readWhomToCall(tx, said, unitId, file)) } }
    await notify(tx, { key, to, ...sent, locale, at: now })
  }
}

/** The values of a message about lateness; `message` is the city police's answer to a complaint. */
export type LateWords = Pick<NoticeParams, 'since' | 'until' | 'owed' | 'message'>

/** Notifies a case's contacts that police are late, or of the answer to its complaint. Returns false if there is no contact. */
export async function tellCaseOfLateness(
  tx: Tx,
  c: CaseSnapshot,
  template: 'late' | 'late_answered',
  words: LateWords,
  now: Instant,
): Promise<boolean> {
  const file = await openCaseFile(c, tx)
  const language = languageOf(file.locale)
  const unit = await unitOf(c.unitId, tx)
  const area = (language === 'vi' ? unit?.nameVi : unit?.nameEn) ?? ''
  const params = {
    number: c.number,
    ...words,
    unit: catalogue[language].common.unit.police.replace('{area}', area),
    ...(await readWhomToCall(tx, template, c.unitId, file)),
  }
  await tellContacts(tx, { c, file, template, params, state: c.state }, now)
  return contactsInForce(file.particulars, now).length > 0
}

/**
 * Asks the person of a case for another copy of an infected file. Asks nobody if police brought the case in, since the files are
 * their own. Returns false if the case does not exist.
 */
export async function tellRefusedFile(tx: Tx, caseId: string, now: Instant): Promise<boolean> {
  const found = await findCase(systemScope(), { id: caseId }, tx)
  if (found === null) return false
  const { key, locale, particulars } = await openCaseFile(found, tx)
  const params = { number: found.number }
  if (isImported(particulars)) return true
  for (const to of contactsInForce(particulars, now))
    await notify(tx, { key, to, template: 'file_refused', locale, params, at: now })
  return true
}
