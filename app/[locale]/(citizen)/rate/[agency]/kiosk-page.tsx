import { getTranslations } from 'next-intl/server'
import { ButtonLink } from '#components/ui/button.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { findKiosk, findLastDeed, noteKioskSeen } from '#features/kiosks/data.ts'
import { KioskGate, type PairingWords } from '#features/kiosks/kiosk-gate.tsx'
import { KioskScreen } from '#features/kiosks/kiosk-screen.tsx'
import { KioskRest, KioskShell } from '#features/kiosks/kiosk-shell.tsx'
import {
  PAIRING_MINUTES,
  SCREEN_WORDS,
  type ScreenQuestion,
  type ScreenWords,
} from '#features/kiosks/rules.ts'
import { kindOf, type Question, type Questionnaire } from '#features/questionnaires/questions/rules.ts'
import { emptyFault } from '#features/ratings/rating/rules.ts'
import { formatInstant } from '#messages/dates.ts'
import { isLocale, type Locale } from '#messages/routing.ts'

/** Renders the page of a kiosk's link: its form over the whole screen, or why the link is closed. */
export async function KioskPage(props: {
  readonly token: string
  readonly agency: string
  readonly names: Readonly<Record<Locale, string>>
  readonly questionnaire: Questionnaire
  readonly locale: Locale
  /** The kiosk's own language, from addresses that the previous release made for a reader of the other language. */
  readonly home: string | undefined
  /** True if the agency has ended: a kiosk rates current services. */
  readonly ended: boolean
}) {
  const { token, agency, names, questionnaire, locale, home, ended } = props
  const name = names[locale]
  const [t, kiosk] = await Promise.all([
    getTranslations('survey-kiosk'),
    findKiosk(token, agency, new Date()),
  ])
  if (!kiosk.ok) {
    return (
      <div className="stack-l max-w-measure" data-kiosk-refused={kiosk.error}>
        <PageHeader kicker={name} title={t('refused.title')} lead={t(`refused.${kiosk.error}`)} />
        <OwnPhone agency={agency} />
        <KioskShell live={false} />
      </div>
    )
  }
  await noteKioskSeen(kiosk.value.id, new Date())
  const { publicKey, ceiling } = kiosk.value
  const gate = {
    ...{ token, agency },
    publicKey: publicKey && Buffer.from(publicKey).toString('base64url'),
    words: await pairingWords(),
  }
  if (ended) {
    return (
      <div className="kiosk" data-kiosk-ended={kiosk.value.id}>
        <div className="kiosk-thanks">
          <h1 className="kiosk-thanks-title">{t('ended.title')}</h1>
          <p>{t('ended.text', { name })}</p>
          <p>{t('ended.tell')}</p>
        </div>
        {publicKey === null ? null : (
          <KioskGate {...gate} unable={null} other={null}>
            <KioskRest agency={agency} token={token} />
          </KioskGate>
        )}
        <KioskShell live />
      </div>
    )
  }
  return (
    <div className="kiosk" data-kiosk={kiosk.value.id}>
      <KioskGate
        {...gate}
        unable={<Closed title={t('unable.title')} text={t('unable.text')} agency={agency} />}
        other={<Closed title={t('other.title')} text={t('other.text')} agency={agency} />}
      >
        <KioskForm
          {...{ agency, token, questionnaire, ceiling }}
          name={names}
          counter={kiosk.value.counter}
          home={home !== undefined && isLocale(home) ? home : locale}
          deed={await findLastDeed(agency)}
        />
      </KioskGate>
      <KioskShell live />
    </div>
  )
}

async function pairingWords(): Promise<PairingWords> {
  const t = await getTranslations('survey-kiosk.pairing')
  const [faults, refused] = await Promise.all([
    getTranslations('survey-kiosk.pairing.faults'),
    getTranslations('survey-kiosk.refused'),
  ])
  return {
    ...{ title: t('title'), text: t('text', { minutes: PAIRING_MINUTES }), code: t('code'), send: t('send') },
    refused: {
      ...Object.fromEntries((['paired', 'code', 'many', 'key'] as const).map((one) => [one, faults(one)])),
      ...Object.fromEntries((['forged', 'expired', 'revoked'] as const).map((one) => [one, refused(one)])),
    },
    failed: faults('failed'),
  }
}

interface ClosedProps {
  readonly title: string
  readonly text: string
  readonly agency: string
}

const Closed = ({ title, text, agency }: ClosedProps) => (
  <div className="stack-l max-w-measure" data-kiosk-closed="">
    <PageHeader title={title} lead={text} />
    <OwnPhone agency={agency} />
  </div>
)

async function OwnPhone({ agency }: Pick<ClosedProps, 'agency'>) {
  const t = await getTranslations('survey-kiosk.refused')
  return (
    <>
      <p>{t('own')}</p>
      <p className="actions">
        <ButtonLink href={{ pathname: '/rate/[agency]', params: { agency } }}>{t('rate')}</ButtonLink>
      </p>
    </>
  )
}

interface KioskFormProps {
  readonly agency: string
  readonly token: string
  readonly questionnaire: Questionnaire
  /** The maximum number of answers that the kiosk accepts in an hour. */
  readonly ceiling: number
  readonly home: Locale
  readonly name: Readonly<Record<Locale, string>>
  readonly counter: string
  readonly deed: Awaited<ReturnType<typeof findLastDeed>>
}

/** Renders the required questions, one per screen, in both languages. The screens turn without a network. */
async function KioskForm({ questionnaire, deed, ...props }: KioskFormProps) {
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
    // A scale is shown from the best answer down, as in the paper form, with "does not apply" last.
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
