import { getLocale, getTranslations } from 'next-intl/server'
import { Details } from '#components/ui/details.tsx'
import type { Retention } from '#features/privacy/erasure/rules.ts'
import type { AskableField } from '#features/privacy/requests/correction-rules.ts'
import type { DataRequestItem } from '#features/privacy/requests/rules.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import { askableLabels } from '#messages/said-correction.ts'
import { ActForm } from '../citizen/act-form.tsx'
import type { RefusedAct } from '../citizen/act-words.tsx'
import { type DataAct, type DataFacts, dataActsOpen, dataRequestWaits } from '../citizen/rules.ts'

export async function DataRows({
  number,
  version,
  requests,
  kept,
  consent,
  retention,
  refused,
}: DataFacts & {
  readonly number: string
  readonly version: number
  readonly retention: Retention
  readonly refused: RefusedAct | null
}) {
  const [t, act] = await Promise.all([getTranslations('case.data'), getTranslations('case.act')])
  const days: Partial<Readonly<Record<DataAct, number>>> = {
    ask_correction: retention.correctionDays,
    ask_erasure: retention.erasureDays,
  }
  return (
    <>
      {dataActsOpen({ requests, kept, consent }).map((name) => (
        <Details key={name} summary={act(`${name}.title`)} look="row" open={refused?.act === name}>
          <ActForm
            act={name}
            number={number}
            version={version}
            state={refused?.act === name ? refused.state : undefined}
            {...(days[name] !== undefined && { days: days[name] })}
          />
        </Details>
      ))}
      {kept === null || dataRequestWaits(requests, 'erase') ? null : (
        <Details summary={act('ask_erasure.title')} look="row">
          <p className="text-sm">{t(`kept.${kept}`)}</p>
        </Details>
      )}
    </>
  )
}

/** Renders the result of each request about the data; nothing if there was none. */
export async function DataRequests({
  requests,
  kept,
  now,
}: Pick<DataFacts, 'requests' | 'kept'> & { readonly now: Instant }) {
  const [t, data, fields, language] = await Promise.all([
    getTranslations('case.data.request'),
    getTranslations('case.data'),
    getLocale().then(askableLabels),
    getLocale(),
  ])
  if (requests.length === 0) return null
  const locale = language === 'en' ? 'en' : 'vi'
  const stand = ({ kind, state, dueAt, decidedAt }: DataRequestItem): string => {
    if (state === 'granted' && kind === 'erase') return kept === null ? t('erasing') : data(`kept.${kept}`)
    const word = state === 'open' && dueAt < now ? 'late' : state
    return t(word, { date: formatInstant(locale, decidedAt ?? dueAt, 'date') })
  }
  return (
    <ul className="mb-4 text-sm">
      {requests.map((one) => (
        <li key={one.id} data-data-request={one.kind} data-data-request-state={one.state}>
          <b>
            {t(one.kind)}
            {one.field === null ? null : ` (${fields(one.field as AskableField)})`}:
          </b>{' '}
          {stand(one)}
          {one.field === 'contact' || one.field === 'imei' ? <> {t(`falls.${one.field}`)}</> : null}
          {one.state === 'open' && one.firstDueAt !== null ? (
            <> {t('extended', { date: formatInstant(locale, one.firstDueAt, 'date') })}</>
          ) : null}
        </li>
      ))}
    </ul>
  )
}
