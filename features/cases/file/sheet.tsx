import { getLocale, getTranslations } from 'next-intl/server'
import { cityWords } from '#messages/city.ts'
import type { CaseState } from '../record/state-rules.ts'

export interface SheetHeadProps {
  readonly area: string | null
  readonly number: string
  readonly state: CaseState
  readonly printed: string
}

/** Renders the head of a paper of the administration: who issues it, whose it is, and which file. */
export async function SheetHead({ area, number, state, printed }: SheetHeadProps) {
  const [t, paper, locale] = await Promise.all([
    getTranslations('case-staff'),
    getTranslations('report.paper'),
    getLocale(),
  ])
  return (
    <header>
      <div className="sheet-office">
        <p>
          {cityWords(locale).police.toLocaleUpperCase(locale)}
          {area === null ? null : <b>{t('sheet.area', { area })}</b>}
        </p>
        <p>
          {paper('republic')}
          <b>{paper('motto')}</b>
        </p>
      </div>
      <h1>
        {t('sheet.title')} <span className="num">{number}</span>
      </h1>
      <p className="sheet-printed">
        {t(`state.${state}`)}. {printed}.
      </p>
    </header>
  )
}

/** Renders the places where the person who verified and the person who approved sign: never one person. */
export async function Signatures() {
  const t = await getTranslations('case-staff.sheet')
  return (
    <div className="sheet-signatures">
      {(['verified_by', 'approved_by'] as const).map((key) => (
        <div key={key}>
          <b>{t(key)}</b>
          <p>{t('sign')}</p>
        </div>
      ))}
    </div>
  )
}
