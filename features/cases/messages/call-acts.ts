import '#server-only'
import { createTranslator } from 'use-intl/core'
import { unitOf } from '#features/areas/data.ts'
import { citySettings } from '#features/lookup-tables/queries.ts'
import { isUrgent, type NoticeParams, type NoticeTemplate } from '#features/notices/acts.ts'
import { groupTelephone } from '#lib/telephone.ts'
import { catalogue } from '#messages/catalogue.ts'
import { languageOf } from '#messages/ready-text.ts'
import type { Tx } from '#platform/db.ts'
import type { CaseFile } from '../particulars/data.ts'
import { isImported } from '../particulars/rules.ts'

/**
 * Returns the values that an urgent message of a case needs, in the message's language: the phone number to call and,
 * for a case that police brought in, the name of the unit. The person of such a case has no secret and cannot act on
 * the page. Returns no values for any other message.
 */
export async function whomToCall(
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
