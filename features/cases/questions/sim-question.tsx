import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Select } from '#components/form/choices.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Tag, type Tone } from '#components/ui/tag.tsx'
import { Time } from '#components/ui/time.tsx'
import {
  type CarrierQuestionKind,
  type LookupAnswer,
  type QuestionState,
  questionState,
  type SimAnswer,
} from '#features/exchange/questions/rules.ts'
import type { FormAction } from '#lib/form-state.ts'
import { sayPhone } from '#lib/person/masking.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import { lengthIn } from '../queue/due.tsx'

interface Question {
  readonly id: string
  readonly carrierName: string
  readonly msisdn: string
  readonly kind: CarrierQuestionKind
  /** null if the question is about the phones or the subscriber. */
  readonly imei: string | null
  readonly askedAt: Instant
  readonly expiresAt: Instant
  readonly answeredAt: Instant | null
  readonly answer: SimAnswer | LookupAnswer | null
  /** The phones that a carrier named, if the reader has opened the papers. */
  readonly imeis: readonly string[]
  readonly releasedAt: Instant | null
  readonly open: boolean
}

const ANSWER_TONES: Readonly<Record<SimAnswer | LookupAnswer, Tone>> = {
  yes: 'ok',
  no: 'wait',
  unknown: 'plain',
  imeis: 'ok',
  not_subscriber: 'wait',
}
const STATE_TONES: Readonly<Record<Exclude<QuestionState, 'answered'>, Tone>> = {
  asked: 'neutral',
  late: 'bad',
  taken_back: 'plain',
  expired: 'plain',
}

export async function SimQuestions({
  questions,
  opened,
  now,
}: {
  readonly questions: readonly Question[]
  /** The reader has opened the papers, which include the named phones. */
  readonly opened: boolean
  readonly now: Instant
}) {
  const [t, length, locale] = await Promise.all([
    getTranslations('case-sim'),
    getTranslations('case-staff.due'),
    getLocale(),
  ])
  const took = (question: Question): string => {
    const time = lengthIn((question.answeredAt ?? now).getTime() - question.askedAt.getTime())
    return t(question.answeredAt ? 'took' : 'waiting', { time: length(time.unit, { count: time.count }) })
  }
  return (
    <ul className="text-sm">
      {questions.map((question) => {
        const state = questionState(question, now)
        return (
          <li
            key={question.id}
            className="space-y-1 border-b border-line py-3 first:pt-0 last:border-0 last:pb-0"
            data-question-state={state}
            {...(question.answer && { 'data-question-answer': question.answer })}
          >
            <p className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
              <b>{question.carrierName}</b>
              {state === 'answered' && question.answer ? (
                <Tag tone={ANSWER_TONES[question.answer]}>
                  {t(`answer.${question.answer === 'imeis' && !opened ? 'imeis_closed' : question.answer}`, {
                    count: question.imeis.length,
                  })}
                </Tag>
              ) : (
                <Tag tone={STATE_TONES[state as 'asked']}>{t(`state.${state as 'asked'}`)}</Tag>
              )}
            </p>
            <p className="num">
              {sayPhone(question.msisdn)}
              {question.imei === null ? null : (
                <span className="block text-sm text-soft">IMEI {question.imei}</span>
              )}
              {question.kind === 'subscriber_of_number' ? (
                <span className="block text-sm text-soft">{t('whose')}</span>
              ) : null}
              {question.imeis.map((imei) => (
                <span key={imei} className="block text-sm" data-named-imei={imei}>
                  IMEI {imei}
                </span>
              ))}
            </p>
            <p className="text-sm text-soft">
              {t('asked')} <Time at={question.askedAt} />
              {state === 'expired' || state === 'taken_back' ? null : `; ${took(question)}`}
            </p>
            {question.releasedAt ? (
              <p className="text-sm text-soft">
                {t('lookup.released', { time: formatInstant(locale, question.releasedAt, 'moment') })}
              </p>
            ) : null}
          </li>
        )
      })}
    </ul>
  )
}

/**
 * Renders a carrier's yes or no where the person who decides cannot overlook it; it is only a hint. Also shows which carrier is
 * late to name the phones that a number was in.
 */
export async function SimFlags({
  questions,
  now,
}: {
  readonly questions: readonly Question[]
  readonly now: Instant
}) {
  const t = await getTranslations('case-sim')
  return questions.map(({ id, answer, carrierName, ...question }) =>
    question.kind === 'imei_of_number' && questionState(question, now) === 'late' ? (
      <Notice key={id} title={t('lookup.late', { carrier: carrierName })}>
        <p data-lookup-late>{t('lookup.late_text')}</p>
      </Notice>
    ) : question.kind === 'number_in_imei' && (answer === 'yes' || answer === 'no') ? (
      <Notice
        key={id}
        tone={answer === 'no' ? 'wait' : 'info'}
        title={t(`flag.${answer}`, { carrier: carrierName })}
      >
        <p>{t(`flag.${answer}_text`)}</p>
      </Notice>
    ) : null,
  )
}

/** Asks one carrier about one number and one IMEI. The number's prefix suggests the carrier, but numbers are ported. */
export async function SimQuestionForm({
  action,
  number,
  phoneNumbers,
  hints,
  imeis,
  carriers,
}: {
  readonly action: FormAction
  readonly number: string
  readonly phoneNumbers: readonly string[]
  readonly hints: readonly (string | null)[]
  readonly imeis: readonly { readonly imei: string }[]
  readonly carriers: readonly { readonly id: string; readonly name: string }[]
}) {
  const t = await getTranslations('case-sim')
  const hintOf = (index: number) => carriers.find(({ id }) => id === hints[index])
  const numbers = phoneNumbers.map((msisdn, index) => {
    // With a single number, the carrier field below says the same.
    const hint = phoneNumbers.length > 1 ? hintOf(index) : undefined
    const label = sayPhone(msisdn)
    return {
      value: String(index),
      label: hint ? t('number_of', { number: label, carrier: hint.name }) : label,
    }
  })
  const suggested = hintOf(0)
  return (
    <ActionForm
      action={action}
      scope="ask"
      className="stack"
      initial={{ askNumber: '0', askImei: imeis[0]?.imei ?? '', askCarrier: suggested?.id ?? '' }}
    >
      <HiddenField name="number" value={number} />
      <Select name="askNumber" label={t('number')} options={numbers} />
      <Select
        name="askImei"
        label={t('imei')}
        options={imeis.map(({ imei }) => ({ value: imei, label: imei }))}
      />
      <Select
        name="askCarrier"
        label={t('carrier')}
        hint={t('carrier_hint')}
        placeholder={t('carrier_none')}
        options={carriers.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <div className="space-y-1.5">
        <SubmitButton look="quiet" size="small">
          {t('button')}
        </SubmitButton>
        <p className="text-sm text-soft">{t('does')}</p>
      </div>
    </ActionForm>
  )
}
