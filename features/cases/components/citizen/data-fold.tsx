import { getLocale, getTranslations } from 'next-intl/server'
import { Details } from '#components/ui/details.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Link } from '#components/ui/link.tsx'
import type { Retention } from '#features/privacy/erasure/rules.ts'
import type { AskableField } from '#features/privacy/requests/correction-rules.ts'
import type { DataRequestItem } from '#features/privacy/requests/rules.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import { askableLabels } from '#messages/said-correction.ts'
import {
  DATA_ACTS,
  type DataAct,
  type DataFacts,
  dataActsOpen,
  dataRequestWaits,
} from '../../rules/citizen-acts.ts'
import { ActForm } from './act-form.tsx'
import type { RefusedAct } from './act-words.tsx'

export interface DataFoldProps extends DataFacts {
  readonly number: string
  readonly version: number
  readonly retention: Retention
  readonly refused: RefusedAct | null
  /** There are files to take along. */
  readonly files: boolean
  readonly now: Instant
}

/**
 * Renders everything that a person can do with their own data: take it along, have it corrected or erased, take a
 * consent back. Folded, but where something was asked or has just been refused.
 */
export async function DataFold(props: DataFoldProps) {
  const { number, version, requests, kept, refused } = props
  const [t, act, locale] = await Promise.all([
    getTranslations('case.data'),
    getTranslations('case.act'),
    getLocale(),
  ])
  const { correctionDays, erasureDays } = props.retention
  const days: Partial<Readonly<Record<DataAct, number>>> = {
    ask_correction: correctionDays,
    ask_erasure: erasureDays,
  }
  const folded = (name: DataAct) => (
    <Details key={name} summary={act(`${name}.title`)} look="row" open={refused?.act === name}>
      <ActForm
        act={name}
        number={number}
        version={version}
        state={refused?.act === name ? refused.state : undefined}
        {...(days[name] !== undefined && { days: days[name] })}
      />
    </Details>
  )
  const download = (format: 'json' | 'pdf' | 'zip') => (
    <a
      className="button"
      data-look="quiet"
      data-size="small"
      href={`/api/case/data?format=${format}&lang=${locale}`}
      download
    >
      <Icon name="download" />
      {t(format)}
    </a>
  )
  return (
    <Details
      summary={t('title')}
      look="row"
      open={requests.length > 0 || DATA_ACTS.some((name) => name === refused?.act)}
    >
      <p className="text-sm text-soft">{t('text')}</p>
      <p className="flex flex-wrap gap-2">
        {download('pdf')}
        {download('json')}
        {props.files ? download('zip') : null}
      </p>
      <Requests {...props} />
      <div>
        {dataActsOpen(props).map(folded)}
        {kept === null || dataRequestWaits(requests, 'erase') ? null : (
          <Details summary={act('ask_erasure.title')} look="row">
            <p className="text-sm">{t(`kept.${kept}`)}</p>
          </Details>
        )}
      </div>
      <p className="text-sm">
        <Link href="/privacy">{t('notice')}</Link>
      </p>
    </Details>
  )
}

async function Requests({ requests, kept, now }: Pick<DataFoldProps, 'requests' | 'kept' | 'now'>) {
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
    <ul className="text-sm">
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
