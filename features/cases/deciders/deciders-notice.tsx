import { getFormatter, getTranslations } from 'next-intl/server'
import { Notice } from '#components/ui/notice.tsx'
import type { CaseRefusal } from '../moves/transition-rules.ts'
import type { LoanEnding, StillDeciding } from './rules.ts'

/** The parts in a case that exclude a person from a decision and have words of their own; any other is shown as "had a part". */
const PARTS = [
  'own_filing',
  'own_verification',
  'own_rejection',
  'own_acceptance',
  'own_hold',
  'own_proposal',
  'own_block',
  'judged_other',
  'decided_before',
  'higher_look',
  'own_writing',
] as const
const isPart = (refusal: CaseRefusal): refusal is (typeof PARTS)[number] =>
  PARTS.some((part) => part === refusal)

async function words() {
  const [t, decision, format] = await Promise.all([
    getTranslations('case-staff.deciders'),
    getTranslations('case-staff.decision'),
    getFormatter(),
  ])
  const list = (all: readonly string[]) => format.list(all, { type: 'conjunction' })
  return {
    t,
    decision,
    list,
    endings: (all: readonly LoanEnding[]) => list(all.map((one) => t(`ending.${one}`))),
  }
}

/** Renders the endings to which nobody may bring a case any more, and the people who are excluded, each with the reasons. */
export async function Stuck({ still: { closed, excluded } }: { readonly still: StillDeciding }) {
  if (closed.length === 0) return null
  const { t, list, endings } = await words()
  return (
    <Notice tone="wait" title={t('stuck')}>
      <p data-nobody-left={closed.join(' ')}>{t('stuck_text', { endings: endings(closed) })}</p>
      <ul>
        {excluded.map(({ name, by }) => (
          <li key={name}>
            {t('excluded', { name, parts: list(by.filter(isPart).map((part) => t(`part.${part}`))) })}
          </li>
        ))}
      </ul>
    </Notice>
  )
}

/**
 * Renders the reader's decisions that would use up the last person for a later step, or that the reader should leave to others
 * for that reason.
 */
export async function BeforeTheLast({ still: { advice, names } }: { readonly still: StillDeciding }) {
  if (advice.size === 0) return null
  const { t, decision, list, endings } = await words()
  return [...advice].map(([one, { usesUp, leaveTo }]) => (
    <Notice key={one} tone={leaveTo.length > 0 ? 'info' : 'wait'}>
      <p data-last-person={one} data-left-to={leaveTo.length}>
        {leaveTo.length > 0
          ? t('left_to', {
              decision: decision(`${one}.tab`),
              names: list(leaveTo.map((id) => names.get(id) ?? '')),
            })
          : t('last', {
              decision: decision(`${one}.tab`),
              endings: endings([...new Set(usesUp.map(({ ending }) => ending))]),
            })}
      </p>
    </Notice>
  ))
}
