import { createTranslator } from 'use-intl/core'
import { CITY } from '#cities/city.ts'
import { displayName } from '#lib/imei/device.ts'
import { formatImei } from '#lib/imei/imei.ts'
import { groupTelephone } from '#lib/telephone.ts'
import type { Instant } from '#lib/time.ts'
import { catalogue } from '#messages/catalogue.ts'
import { formatInstant } from '#messages/dates.ts'
import type { Locale } from '#messages/routing.ts'
import type { DecisionKind } from '../letters/rules.ts'
import type { Remedy } from '../remedies/rules.ts'
import type { DecisionLetterWords } from './decision-letter.ts'

export interface DecisionFacts {
  readonly kind: DecisionKind
  /** The phone was watched, not blocked. */
  readonly watched: boolean
  readonly number: string
  /** As written in the case; '' if unknown. */
  readonly fullName: string
  readonly phone: { readonly brand: string; readonly model: string; readonly imeis: readonly string[] }
  readonly decidedAt: Instant
  readonly reasonCode: string | null
  readonly message: string | null
  readonly unit: { readonly nameVi: string; readonly nameEn: string }
  readonly reach: { readonly address?: string; readonly telephone?: string }
  /** The one who decided; `clock` means a time limit or the person's own wish. */
  readonly by: 'unit' | 'city' | 'clock'
  readonly hotline: string
  /** The law by which carriers block a phone. */
  readonly basis: string
  readonly remedies: readonly Remedy[]
  /** The end of a temporary block that was in force at the decision; null if there was none. */
  readonly blockedUntil: Instant | null
  readonly printedAt: Instant
}

export function decisionLetterWords(facts: DecisionFacts, locale: Locale): DecisionLetterWords {
  const messages = catalogue[locale]
  const t = createTranslator({ locale, messages, namespace: 'decision-letter' })
  const paper = createTranslator({ locale, messages, namespace: 'report.paper' })
  const words = createTranslator({ locale, messages, namespace: 'common.unit' })
  const reasons = createTranslator({ locale, messages, namespace: 'case.reason' })
  const at = (moment: Instant) => formatInstant(locale, moment, 'moment')
  const watched = facts.watched ? 'yes' : 'no'
  const day = (moment: Instant | null) => (moment ? formatInstant(locale, moment, 'date') : '')
  const area = locale === 'vi' ? facts.unit.nameVi : facts.unit.nameEn
  const unit = words('police', { area })
  const decider = facts.by === 'city' ? CITY.police[locale] : facts.by === 'clock' ? t('clock') : unit
  const key = facts.reasonCode as Parameters<typeof reasons>[0] | null
  const reason = key !== null && reasons.has(key) ? reasons(key, { at: at(facts.decidedAt) }) : null
  const device = displayName(facts.phone.brand, facts.phone.model)
  const reach = [facts.reach.address, groupTelephone(facts.reach.telephone ?? facts.hotline)].filter(
    (part) => part !== undefined,
  )
  return {
    office: [CITY.police[locale].toLocaleUpperCase(locale), unit.toLocaleUpperCase('vi')],
    nation: [paper('republic'), paper('motto')],
    title: t(`title.${facts.kind}`, { watched }),
    subtitle: t('subtitle', { number: facts.number }),
    facts: [
      [t('to'), facts.fullName === '' ? t('unnamed') : facts.fullName],
      [t('number'), facts.number],
      ...(device === '' ? [] : [[t('phone'), device] as const]),
      ['IMEI', facts.phone.imeis.length === 0 ? t('no_imei') : facts.phone.imeis.map(formatImei).join(', ')],
      [t('decided_at'), at(facts.decidedAt)],
      [t('decided_by'), decider],
    ],
    sections: [
      {
        title: t('decided'),
        lines: [
          t(`decision.${facts.kind}`, { watched }),
          ...(facts.blockedUntil === null ? [] : [t('blocked_until', { until: at(facts.blockedUntil) })]),
        ],
      },
      {
        title: t('ground'),
        lines: [
          ...(reason === null ? [] : [reason]),
          ...(facts.message ? facts.message.split('\n') : []),
          ...(reason === null && !facts.message ? [t(`ground_of.${facts.kind}`, { watched })] : []),
          ...(facts.kind === 'block' || facts.kind === 'lift' ? [t('basis', { basis: facts.basis })] : []),
        ],
      },
      { title: t('rights'), lines: facts.remedies.map((remedy, index) => `${index + 1}. ${say(remedy)}`) },
      { title: t('ask'), lines: [t('ask_at', { unit, reach: reach.join('; ') })] },
    ],
    receipt: {
      title: t('receipt.title'),
      lines: [t('receipt.line', { number: facts.number }), t('receipt.refused')],
      signatures: [t('receipt.by'), t('receipt.to')],
      sign: t('receipt.sign'),
    },
    foot: t('printed', { at: at(facts.printedAt) }),
  }

  function say(remedy: Remedy): string {
    switch (remedy.kind) {
      case 'appeal':
      case 'review':
        return t(`remedy.${remedy.kind}`, {
          until: day(remedy.until),
          served: remedy.until === null ? 'no' : 'yes',
        })
      case 'reopen':
        return t('remedy.reopen', { until: day(remedy.until) })
      case 'complain': {
        const { until, basis, days, secondDays, level } = remedy
        const values = {
          until: day(until),
          served: until === null ? 'no' : 'yes',
          basis,
          days,
          secondDays,
          unit,
        }
        return t(`remedy.complain_${level}`, values)
      }
      case 'sue': {
        const { until, basis, days } = remedy
        return t('remedy.sue', { until: day(until), served: until === null ? 'no' : 'yes', basis, days })
      }
      default:
        return t(`remedy.${remedy.kind}`, { watched })
    }
  }
}
