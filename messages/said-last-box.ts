import { createTranslator } from 'use-intl/core'
import type { LastBox } from '#features/cases/remedies/last-box-rules.ts'
import { catalogue } from './catalogue.ts'
import { formatInstant } from './dates.ts'
import type { Locale } from './routing.ts'

export interface NamedBox {
  /** Times are ISO 8601 strings if the box comes from storage. */
  readonly box: LastBox<Date | string>
  /** The unit that decided; null for city police; `withheld` if it is another person's secret. */
  readonly unit: { readonly nameVi: string; readonly nameEn: string } | 'withheld' | null
  /** The place where the person asks for a review: on their own page, with their secret, or at the desk. */
  readonly place: 'page' | 'secret' | 'desk'
}

interface BoxRow {
  readonly key: 'decided' | 'unit' | 'ground' | 'since' | 'own' | 'complaint' | 'court'
  readonly term: string
  readonly words: string
}

/** Returns the words of the box at the end of a final act: the same on the page, in the mail and on paper. */
export function sayLastBox(
  locale: Locale,
  { box, unit: decider, place }: NamedBox,
): { title: string; rows: BoxRow[] } {
  const t = createTranslator({ locale, messages: catalogue[locale], namespace: 'last-box' })
  const { act, own, laws } = box
  const moment = (at: Date | string) => formatInstant(locale, new Date(at), 'moment')
  const day = (at: Date | string) => formatInstant(locale, new Date(at), 'date')
  const to = decider === null ? 'city' : decider === 'withheld' ? 'withheld' : 'district'
  const unit =
    decider === null || decider === 'withheld'
      ? t(`unit.${decider ?? 'city'}`)
      : t('unit.district', { area: locale === 'vi' ? decider.nameVi : decider.nameEn })
  const row = (key: BoxRow['key'], words: string, term: Parameters<typeof termOf>[0]): BoxRow => ({
    key,
    term: termOf(term),
    words,
  })
  return {
    title: t('title'),
    rows: [
      row(
        'decided',
        t(`decided.${act}`, { at: moment(box.at), watched: box.watched ? 'yes' : 'no' }),
        'decided',
      ),
      row('unit', unit, 'unit'),
      row('ground', groundOf(), 'ground'),
      ...(box.since
        ? [row('since', t(`since.${box.since.block}`, { at: moment(box.since.at) }), 'since')]
        : []),
      ...ownRows(),
      ...(box.complaintUntil
        ? [
            row(
              'complaint',
              t('complaint', {
                until: day(box.complaintUntil),
                to,
                unit,
                days: laws.secondDays,
                law: laws.complaint,
              }),
              'complaint',
            ),
          ]
        : []),
      ...(box.courtUntil
        ? [row('court', t('court', { until: day(box.courtUntil), law: laws.suit }), 'court')]
        : []),
      ...(box.complaintUntil || box.courtUntil ? [] : [row('complaint', t('closed'), 'complaint')]),
    ],
  }

  function termOf(term: keyof (typeof catalogue)['vi']['last-box']['term']) {
    return t(`term.${term}`)
  }

  function groundOf(): string {
    const own = `ground.${act}` as 'ground.expired'
    if (t.has(own)) return t(own)
    const { reason } = catalogue[locale][act === 'objection_refused' ? 'objection' : 'case']
    const said: Readonly<Record<string, string>> = reason
    const known = box.ground !== null && box.ground !== 'other' && Object.hasOwn(said, box.ground)
    return ((known && said[box.ground ?? '']) || t('ground.written')).replace('{at}', moment(box.at))
  }

  function ownRows(): BoxRow[] {
    switch (own.kind) {
      case 'none':
        return []
      case 'appeal':
      case 'review':
      case 'renewal':
        return [row('own', t(`own.${own.kind}`, { until: moment(own.until), place }), 'review')]
      case 'reopen':
        return [row('own', t('own.reopen', { until: moment(own.until), place }), 'may')]
      case 'used':
      case 'late': {
        const of = act.startsWith('objection') ? 'objection' : 'case'
        return [row('own', t(`own.${own.kind}`, { of }), 'review')]
      }
      default:
        return [
          row('own', t(`own.${act as 'unblock_refused'}`, { watched: box.watched ? 'yes' : 'no' }), 'may'),
        ]
    }
  }
}
