import { getTranslations } from 'next-intl/server'
import { kindOf, type Question, type Questionnaire } from '#features/questionnaires/questions/rules.ts'
import { emptyFault } from '#features/ratings/rating/rules.ts'
import { formatInstant } from '#messages/dates.ts'
import type { Locale } from '#messages/routing.ts'
import type { findLastDeed } from './data.ts'
import { KioskScreen } from './kiosk-screen.tsx'
import { SCREEN_WORDS, type ScreenQuestion, type ScreenWords } from './rules.ts'

interface KioskFormProps {
  readonly agency: string
  readonly token: string
  readonly questionnaire: Questionnaire
  /** The most answers that the kiosk takes in an hour. */
  readonly ceiling: number
  readonly home: Locale
  readonly name: Readonly<Record<Locale, string>>
  readonly counter: string
  readonly deed: Awaited<ReturnType<typeof findLastDeed>>
}

/** Renders the required questions alone, one a screen, in both languages: the person before the counter turns them without a network. */
export async function KioskForm({ questionnaire, deed, ...props }: KioskFormProps) {
  const required = questionnaire.questions.filter((question) => question.required)
  const [vi, en] = await Promise.all([wordsOf('vi', required.length), wordsOf('en', required.length)])
  const [ofVi, ofEn] = await Promise.all([deedOf('vi', deed), deedOf('en', deed)])
  return (
    <KioskScreen
      {...props}
      version={questionnaire.version}
      questions={await Promise.all(required.map(screenQuestion))}
      words={{ vi, en }}
      deed={deed && { vi: ofVi, en: ofEn }}
    />
  )
}

async function screenQuestion({ key, kind, options, vi, en }: Question): Promise<ScreenQuestion> {
  const { asked, faces, lastFirst } = kindOf(kind)
  const codes = options.map(({ code }) => code)
  const [ofVi, ofEn] = await Promise.all(
    (['vi', 'en'] as const).map((locale) => getTranslations({ locale, namespace: 'faults.survey' })),
  )
  const said = (locale: Locale, question: string, fault: string) => ({
    question,
    options: Object.fromEntries(options.map((option) => [option.code, option[locale]])),
    fault,
  })
  const fault = emptyFault(kind)
  return {
    ...{ key, asked, faces },
    // A scale is read from the best answer down, as in the paper form, with what does not apply behind it.
    codes: lastFirst
      ? [...codes.filter((code) => code !== 'na').toReversed(), ...codes.filter((code) => code === 'na')]
      : codes,
    words: { vi: said('vi', vi, ofVi?.(fault) ?? ''), en: said('en', en, ofEn?.(fault) ?? '') },
  }
}

async function wordsOf(locale: Locale, count: number): Promise<ScreenWords> {
  const t = await getTranslations({ locale, namespace: 'survey-kiosk' })
  const words = SCREEN_WORDS.map((name) => [name, t(name)] as const)
  return { ...(Object.fromEntries(words) as Omit<ScreenWords, 'promise'>), promise: t('promise', { count }) }
}

async function deedOf(locale: Locale, deed: KioskFormProps['deed']) {
  if (deed === null) return null
  const t = await getTranslations({ locale, namespace: 'survey-kiosk' })
  const inEnglish = locale === 'en' && deed.doneEn !== null
  return (
    <>
      {t('deed', { date: formatInstant(locale, deed.keptAt, 'date') })}{' '}
      <b lang={inEnglish ? 'en' : 'vi'}>{inEnglish ? deed.doneEn : deed.doneVi}</b>
    </>
  )
}
