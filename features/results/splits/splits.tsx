import { getLocale, getTranslations } from 'next-intl/server'
import { Table } from '#components/ui/table.tsx'
import { findProcedure } from '#features/ratings/procedures/rules.ts'
import type { AnswerChannel } from '#features/ratings/rating/rules.ts'
import { toTenThousandths } from '#lib/ten-thousandths.ts'
import { formatDate } from '#messages/dates.ts'
import { FACETS, type Facet, MONTHS_TO_TELL } from '../parts/rules.ts'
import { boundsOf, ShareBar, WrittenShare } from '../results-table.tsx'
import { type Figures, type Month, monthLabel, people } from '../rules.ts'

interface SidesProps {
  readonly lead: string
  readonly caption: string
  readonly column: string
  /** Names the kind of split in the rows' data attribute. */
  readonly mark: string
  readonly sides: readonly { readonly key: string; readonly label: string; readonly figures: Figures }[]
  readonly notYet: string
  readonly behind?: string
  readonly title?: string
}

async function Sides({ lead, caption, column, mark, sides, notYet, behind, title }: SidesProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('results')])
  return (
    <div className="stack max-w-160">
      {title === undefined ? null : <h3>{title}</h3>}
      <p>{lead}</p>
      {sides.length === 0 ? (
        <p className="text-soft">{notYet}</p>
      ) : (
        <>
          <Table
            caption={caption}
            captionHidden
            columns={[
              { head: column, cell: ({ label }) => label },
              {
                head: t('interval'),
                phone: 'left',
                cell: ({ figures: { share, standing } }) =>
                  share && (
                    <ShareBar
                      share={share.value}
                      interval={share}
                      few={standing === 'few'}
                      label={t('whisker', boundsOf(locale, share))}
                    />
                  ),
              },
              {
                head: t('share'),
                align: 'end',
                phone: 'right',
                cell: ({ figures: { share } }) => share && <WrittenShare {...boundsOf(locale, share)} />,
              },
              {
                head: t('responses'),
                align: 'end',
                cell: ({ figures }) => <span className="num">{people(locale, figures.responses)}</span>,
              },
            ]}
            rows={sides}
            keyOf={({ key }) => key}
            marks={({ key, figures: { share, responses } }) => ({
              [`data-${mark}`]: key,
              'data-responses': responses,
              ...(share && { 'data-satisfied': toTenThousandths(share.value) }),
            })}
          />
          {behind === undefined ? null : <p className="text-sm text-soft">{behind}</p>}
        </>
      )}
    </div>
  )
}

export async function CodeSides({
  codes,
}: {
  /** Null until both sides can be published apart. */
  readonly codes: { readonly withCode: Figures; readonly withoutCode: Figures } | null
}) {
  const t = await getTranslations('results.codes')
  const sides = codes && [
    { key: 'with', label: t('with'), figures: codes.withCode },
    { key: 'without', label: t('without'), figures: codes.withoutCode },
  ]
  const words = { lead: t('lead'), caption: t('title'), column: t('column'), behind: t('behind') }
  return <Sides {...words} mark="codes" sides={sides ?? []} notYet={t('notYet')} />
}

export async function ChannelSides({
  channels,
}: {
  /** Null until the channels can be published apart. */
  readonly channels: readonly { readonly channel: AnswerChannel; readonly figures: Figures }[] | null
}) {
  const t = await getTranslations('results.channels')
  const sides = channels?.map(({ channel, figures }) => ({ key: channel, label: t(channel), figures }))
  const words = { lead: t('lead'), caption: t('title'), column: t('column'), behind: t('behind') }
  return <Sides {...words} mark="channels" sides={sides ?? []} notYet={t('notYet')} />
}

export async function PartSides({
  parts,
}: {
  readonly parts: readonly { readonly facet: Facet; readonly value: string; readonly figures: Figures }[]
}) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('results.parts')])
  const labels: Readonly<Record<Facet, (value: string) => string>> = {
    state: (value) => t(value === 'done' ? 'done' : 'waiting'),
    month: (value) => monthLabel(locale, value as Month),
    procedure: (value) => findProcedure(value)?.[locale] ?? value,
  }
  return FACETS.map((facet) => (
    <Sides
      key={facet}
      title={t(`${facet}.title`)}
      lead={t(`${facet}.lead`, { months: MONTHS_TO_TELL })}
      caption={t(`${facet}.title`)}
      column={t(`${facet}.column`)}
      mark={facet}
      sides={parts.flatMap(({ facet: of, value, figures }) =>
        of === facet ? [{ key: value, label: labels[facet](value), figures }] : [],
      )}
      notYet={t(`${facet}.notYet`)}
    />
  ))
}

/** Renders the headline result of an agency's kiosks, which is in no other figure. */
export async function KioskSides({
  kiosks,
}: {
  /** Null until a week is published; `week` is the Monday of the last one, a local date. */
  readonly kiosks: { readonly headline: Figures; readonly week: string } | null
}) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('results.kiosks')])
  return (
    <Sides
      lead={t('lead')}
      caption={t('title')}
      column={t('column')}
      mark="kiosks"
      sides={kiosks ? [{ key: 'kiosks', label: t('all'), figures: kiosks.headline }] : []}
      notYet={t('notYet')}
      {...(kiosks && { behind: t('week', { date: formatDate(locale, kiosks.week) }) })}
    />
  )
}
