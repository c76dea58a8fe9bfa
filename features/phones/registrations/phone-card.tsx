import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Tag, type Tone } from '#components/ui/tag.tsx'
import type { FormAction } from '#lib/form-state.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import { SentForNotice } from '../trusted/sent-for.tsx'
import type { PhoneView } from './data.ts'
import { endsOf, isAsked, lapsesAt, nameOf, type ShownState, shownState } from './rules.ts'

const TONES: Readonly<Record<ShownState, Tone>> = {
  begun: 'plain',
  registered: 'neutral',
  confirmed: 'ok',
  reported: 'bad',
  handed_over: 'plain',
  lapsed: 'wait',
}

export const phoneState = ({ state, report, confirmed }: PhoneView): ShownState =>
  shownState({ state, reported: report !== null, confirmed: confirmed !== null })

/** Shows a phone's name, colour, last digits, registration date and the carrier's answer. */
export async function PhoneFacts({
  phone,
  level: Heading = 'h2',
}: {
  readonly phone: PhoneView
  readonly level?: 'h1' | 'h2'
}) {
  const [t, locale] = await Promise.all([getTranslations('phones'), getLocale()])
  const { content, registeredAt, confirmed, asked } = phone
  const [first = '', second = ''] = endsOf(content)
  const waits = asked.find(({ open, answer }) => open && answer === null)
  const no = asked.find(({ answer }) => answer === 'no')
  const state = phoneState(phone)
  return (
    <div className="stack">
      <div>
        <Heading className="text-lg">{nameOf(content) || t('unnamed')}</Heading>
        <p className="text-sm text-soft">
          {[content.colour, first && t('ends', { count: content.imeis.length, first, second })]
            .filter((part) => part !== '')
            .join(' · ')}
          {registeredAt === null ? null : (
            <>
              <br />
              {t('since', { date: formatInstant(locale, registeredAt, 'date') })}
            </>
          )}
        </p>
      </div>
      <p>
        <Tag tone={TONES[state]}>{t(`state.${state}`)}</Tag>
      </p>
      {phone.state !== 'registered' ? null : (
        <p className="flex gap-2 text-sm">
          <Icon name={confirmed ? 'check' : 'clock'} size={18} />
          <span>
            {confirmed
              ? t('confirmedBy', {
                  carrier: confirmed.carrier,
                  date: formatInstant(locale, confirmed.at, 'date'),
                })
              : waits
                ? t('asking', { carrier: waits.carrierName })
                : no
                  ? t('saidNo', { carrier: no.carrierName })
                  : t('notConfirmed')}
          </span>
        </p>
      )}
    </div>
  )
}

export async function ReportForm({
  phone,
  report,
}: {
  readonly phone: PhoneView
  readonly report: FormAction
}) {
  const t = await getTranslations('phones')
  if (phone.report !== null)
    return (
      <p>
        {t('reportedAs', { number: phone.report.number })}.{' '}
        <Link href={{ pathname: '/track', query: { number: phone.report.number } }}>{t('openCase')}</Link>
      </p>
    )
  return (
    <ActionForm action={report} scope={`report-${phone.id}`} className="">
      <HiddenField name="phone" value={phone.id} />
      <SubmitButton look={phone.state === 'registered' ? 'primary' : 'quiet'}>{t('reportThis')}</SubmitButton>
    </ActionForm>
  )
}

/** Asks once a year whether the holder still has the phone, or says that the registration lapsed. */
export async function StillYours({
  phone,
  now,
  keep,
  remove,
}: {
  readonly phone: PhoneView
  readonly now: Instant
  readonly keep: FormAction
  readonly remove: FormAction
}) {
  const [t, locale] = await Promise.all([getTranslations('phones'), getLocale()])
  const lapsed = phone.state === 'lapsed'
  if (!lapsed && !(phone.state === 'registered' && isAsked(phone, now))) return null
  const name = nameOf(phone.content) || t('unnamed')
  return (
    <Notice {...(!lapsed && { title: t('still.title', { phone: name }) })}>
      <p>
        {lapsed
          ? t('lapsedText')
          : t('still.text', { until: formatInstant(locale, lapsesAt(phone), 'date') })}
      </p>
      <div className="actions">
        {[
          { act: keep, name: 'yes' as const },
          { act: remove, name: 'no' as const },
        ].map(({ act, name: answer }) => (
          <ActionForm key={answer} action={act} scope={`${answer}-${phone.id}`} className="">
            <HiddenField name="phone" value={phone.id} />
            <SubmitButton look="quiet" size="small">
              {t(`still.${answer}`)}
            </SubmitButton>
          </ActionForm>
        ))}
      </div>
    </Notice>
  )
}

/** Renders a phone of the list, with the report button that is needed in a hurry. */
export async function PhoneCard(props: {
  readonly phone: PhoneView
  readonly now: Instant
  readonly report: FormAction
  readonly keep: FormAction
  readonly remove: FormAction
  readonly undo: FormAction
}) {
  const { phone } = props
  const t = await getTranslations('phones')
  const name = nameOf(phone.content) || t('unnamed')
  return (
    <Card data-phone={phone.id} data-phone-state={phoneState(phone)} className="stack h-full">
      <StillYours {...props} />
      {phone.warning === null || phone.warning.contestedAt !== null ? null : (
        <Notice tone="bad" title={t('warning.title')} />
      )}
      <PhoneFacts phone={phone} />
      <SentForNotice phone={phone} now={props.now} undo={props.undo} />
      {phone.state === 'registered' ? <ReportForm phone={phone} report={props.report} /> : null}
      <p className="text-sm">
        <Link href={{ pathname: '/my-phones/[phone]', params: { phone: phone.id } }}>
          {t('more')}
          <span className="sr-only">: {name}</span>
        </Link>
      </p>
    </Card>
  )
}
