import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Tag } from '#components/ui/tag.tsx'
import { DAY, HOUR, type Instant, MINUTE } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import { languageOf } from '#messages/ready-text.ts'
import type { Locale } from '#messages/routing.ts'
import { type CaseHold, type CaseState, stateOf } from '../record/state-rules.ts'
import { SOON } from './rules.ts'

interface DueProps {
  readonly state: CaseState
  readonly dueAt: Instant
  /** The deadline for another person to confirm a temporary block; absent if none waits. */
  readonly holdWaitsUntil?: Instant | null
  readonly withdrawEffectiveAt: Instant | null
  /** The hold that keeps the case waiting for city police, even in a state at rest. */
  readonly held: CaseHold | null
  readonly now: Instant
}

/** Shows in words how much time is left to act on a case, the clock of a temporary block first; null if no action is due. */
export async function Due({ holdWaitsUntil = null, ...props }: DueProps) {
  if (holdWaitsUntil === null) return <CaseDue {...props} />
  return (
    <span
      className="inline-flex flex-wrap justify-end gap-1.5 md:justify-start"
      data-hold-due={holdWaitsUntil.toISOString()}
    >
      <Left due={holdWaitsUntil} now={props.now} ofHold />
      <CaseDue {...props} />
    </span>
  )
}

async function CaseDue({ state, dueAt, withdrawEffectiveAt, held, now }: Omit<DueProps, 'holdWaitsUntil'>) {
  const said = await dueIn(languageOf(await getLocale()), { state, dueAt, withdrawEffectiveAt, held, now })
  return said && <Said {...said} />
}

async function Left({ due, now, ofHold = false }: { due: Instant; now: Instant; ofHold?: boolean }) {
  return <Said {...(await leftIn(languageOf(await getLocale()), due, now, ofHold))} />
}

/** Shows the time left until an instant, or passed since; the markup and the title have the day and time. */
export async function TimeLeft({ due, now }: { readonly due: Instant; readonly now: Instant }) {
  const locale = languageOf(await getLocale())
  return (
    <time dateTime={due.toISOString()} title={formatInstant(locale, due, 'stamp')}>
      <Left due={due} now={now} />
    </time>
  )
}

/** Shows the clock of a case in a list: that of a waiting temporary block, with its purpose below, or else the case's own. */
export async function DueInList({
  holdWaitsUntil,
  who,
  ...props
}: DueProps & { readonly holdWaitsUntil: Instant | null; readonly who?: ReactNode }) {
  const [t, lang] = await Promise.all([getTranslations('case-staff.due'), getLocale()])
  const locale = languageOf(lang)
  if (holdWaitsUntil === null) {
    const said = await dueIn(locale, props)
    return (
      <>
        {said && <SaidInList {...said} />}
        {who}
      </>
    )
  }
  const { words, tone } = await leftIn(locale, holdWaitsUntil, props.now)
  return (
    <span data-hold-due={holdWaitsUntil.toISOString()}>
      <SaidInList words={words} tone={tone ?? 'wait'} />
      <span className="queue-second">{t('hold_for')}</span>
    </span>
  )
}

/** Renders a time in a list. Every row has one, so urgent ones are bold and coloured, and their words say so too. */
const SaidInList = ({ words, tone }: SaidDue) => (
  <span className="queue-due" data-tone={tone ?? undefined}>
    {words}
  </span>
)

interface SaidDue {
  readonly words: string
  readonly tone: 'bad' | 'wait' | null
}

const Said = ({ words, tone }: SaidDue) =>
  tone === null ? (
    <span className="text-soft md:whitespace-nowrap">{words}</span>
  ) : (
    <Tag tone={tone}>{words}</Tag>
  )

/** Returns the time left on a case's own clock; null if no action is due. */
export async function dueIn(
  locale: Locale,
  { state, dueAt, withdrawEffectiveAt, held, now }: Omit<DueProps, 'holdWaitsUntil'>,
): Promise<SaidDue | null> {
  const t = await getTranslations({ locale, namespace: 'case-staff.due' })
  if (stateOf(state).atRest && held === null) return null
  if (withdrawEffectiveAt) return { words: t('withdrawing'), tone: 'wait' }
  if (stateOf(state).clock === 'reply') return { words: t('citizen'), tone: null }
  return leftIn(locale, dueAt, now)
}

/** Returns the time left, or passed since; `ofHold`: until a temporary block should have been confirmed. */
export async function leftIn(locale: Locale, due: Instant, now: Instant, ofHold = false): Promise<SaidDue> {
  const t = await getTranslations({ locale, namespace: 'case-staff.due' })
  const left = due.getTime() - now.getTime()
  const time = lengthIn(Math.abs(left))
  const words = t(time.unit, { count: time.count })
  if (left < 0) return { words: t(ofHold ? 'hold_overdue' : 'overdue', { time: words }), tone: 'bad' }
  const tone = left < SOON || ofHold ? 'wait' : null
  return { words: t(ofHold ? 'hold_left' : 'left', { time: words }), tone }
}

/** Returns a duration in the largest unit that is precise enough. */
export function lengthIn(milliseconds: number): { unit: 'minutes' | 'hours' | 'days'; count: number } {
  if (milliseconds < HOUR) return { unit: 'minutes', count: Math.max(1, Math.floor(milliseconds / MINUTE)) }
  if (milliseconds < 2 * DAY) return { unit: 'hours', count: Math.floor(milliseconds / HOUR) }
  return { unit: 'days', count: Math.floor(milliseconds / DAY) }
}

/** Renders a case's number with its common prefix marked, so that a narrow list can hide the prefix. */
export const ShortNumber = ({ number }: { readonly number: string }) => {
  const at = number.indexOf('-') + 1
  return (
    <>
      <span className="queue-prefix">{number.slice(0, at)}</span>
      {number.slice(at)}
    </>
  )
}
