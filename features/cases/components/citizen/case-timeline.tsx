import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Timeline, type TimelineEntry } from '#components/ui/timeline.tsx'
import { Written } from '#components/ui/written.tsx'
import type { Exempted } from '#features/exchange/orders/rules.ts'
import type { QuestionKind } from '#features/exchange/questions/rules.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import { sayCorrection } from '#messages/said-correction.ts'
import { isDeskAct } from '../../rules/citizen-acts.ts'
import { movesThat } from '../../rules/moves.ts'
import type { NextEntry, PastEntry } from '../../rules/timeline.ts'
import { type Area, sayArea } from './offices.ts'
import { sayWhen } from './when.ts'

export interface CaseTimelineProps {
  readonly past: readonly PastEntry[]
  readonly next: readonly NextEntry[]
  readonly units: ReadonlyMap<string, Area>
  /** The police area that has the case. */
  readonly unitId: string
  readonly authority: string
  /** True when the person who filed the case has it, and so cannot verify it. */
  readonly waitsForOther: boolean
  /** The number of carriers that were told. */
  readonly carriers: number
  /** The number of them that wait for their order. */
  readonly queued: number
  /** The names of the carriers that were exempted. */
  readonly exempt: Exempted
  /** The number of files that came with each event, by the event's sequence. */
  readonly files: ReadonlyMap<number, number>
  /** The carriers that were asked about the person's number; never what they answered. */
  readonly asked: readonly AskedCarrier[]
  /** When the supervisors were reminded of what is late now; null where nobody was. */
  readonly remindedAt: Instant | null
  readonly now: Instant
}

export interface AskedCarrier {
  readonly id: string
  readonly carrierName: string
  readonly kind: QuestionKind
  readonly askedAt: Instant
  readonly answeredAt: Instant | null
}

/** Shows the past and the present, newest first; the next steps are below them, in a pale colour. */
export async function CaseTimeline(props: CaseTimelineProps) {
  const [t, area, locale] = await Promise.all([getTranslations('case'), sayArea(props.units), getLocale()])
  const saidCorrection = await sayCorrection(locale)
  const office = (entry: PastEntry): string => {
    if (entry.by !== 'district') return t(`timeline.${entry.by}`)
    return t('timeline.district', { area: area(entry.unitId) })
  }
  const newestOrder = props.past.find(({ move }) => ORDERING.includes(move))
  /**
   * Tells how much of the newest order has been sent, so that nothing is called sent too early; `none` for an earlier
   * order, of which this page does not know it.
   */
  const sendingOf = (entry: PastEntry): 'sent' | 'part' | 'waits' | 'none' => {
    if (entry.seq !== newestOrder?.seq || RECALLING.includes(newestOrder.move) || props.carriers === 0)
      return 'none'
    if (props.queued === 0) return 'sent'
    return props.queued === props.carriers ? 'waits' : 'part'
  }
  const words = (entry: PastEntry) => ({
    who: office(entry),
    home: area(props.unitId),
    authority: props.authority,
    total: props.carriers,
    sent: props.carriers - props.queued,
    sending: sendingOf(entry),
    at: formatInstant(locale, entry.at, 'moment'),
    ...exemptWords(props.exempt),
  })
  // Most events need no words beside their title; a missing one is no fault.
  const optional = (key: string, values: ReturnType<typeof words>): string | null =>
    t.has(key as 'event.submitted.body') ? t(key as 'event.submitted.body', values) : null

  const title = (entry: PastEntry): string => {
    const values = words(entry)
    const atDesk = entry.by === 'citizen' ? null : optional(`event.${entry.move}.desk`, values)
    if (atDesk !== null) return atDesk
    if (props.waitsForOther && entry.move === 'take' && entry.when === 'now')
      return t('event.take.filer', values)
    const present = entry.when === 'now' ? optional(`event.${keyOf(entry)}.now`, values) : null
    return present ?? t(`event.${keyOf(entry)}.title`, values)
  }

  const events = props.past.map((entry) => ({
    key: String(entry.seq),
    title: title(entry),
    when: entry.when,
    at: entry.at,
    children: (
      <EventWords
        body={
          isDeskAct(entry.move) && entry.by !== 'citizen'
            ? t('timeline.atDesk', { who: office(entry) })
            : optional(`event.${keyOf(entry)}.body`, words(entry))
        }
        reason={entry.reasonCode && optional(`reason.${entry.reasonCode}`, words(entry))}
        message={entry.message}
        correction={entry.correction ? saidCorrection(entry.correction) : null}
        from={t(
          entry.by === 'citizen'
            ? 'timeline.yourMessage'
            : isDeskAct(entry.move)
              ? 'timeline.said'
              : 'timeline.message',
        )}
        files={filesWords(props.files.get(entry.seq) ?? 0, (count) => t('timeline.files', { count }))}
      />
    ),
  }))

  return (
    <section className="stack-l">
      <div>
        <h2 className="mb-5">{t('timeline.title')}</h2>
        <Timeline
          // Asking a carrier changes no case, so it has no place among its events but by its time.
          entries={[...events, ...(await questionEntries(props.asked))].toSorted(newestFirst)}
        />
      </div>
      <Next {...props} area={area(props.unitId)} />
    </section>
  )
}

/** Returns the key of an entry's words: a review is against an unblock, which nobody had rejected. */
const keyOf = ({ move, from }: PastEntry) => {
  if (move === 'reply' && from === 'expired') return 'reply_reopened'
  return move === 'appeal' && from === 'unblocked' ? 'appeal_review' : move
}

/** The time in which its person may ask for more. */
const OWN_TIME = ['appeal', 'review', 'reopen'] as const

/** The moves that give carriers an order to block or to unblock, or take it back. */
const ORDERING: readonly string[] = movesThat((rule) => rule.sending !== undefined)
const RECALLING: readonly string[] = movesThat((rule) => rule.sending === 'recall')

const namesOr = (names: readonly string[]): string => names.join(', ') || 'none'

/** Returns carriers' names as messages choose their words by them. */
export const exemptWords = ({ block, unblock }: Exempted) => ({
  exempt: namesOr(block),
  exemptLift: namesOr(unblock),
})

const newestFirst = (a: TimelineEntry, b: TimelineEntry): number =>
  (b.at?.getTime() ?? 0) - (a.at?.getTime() ?? 0)

/**
 * Returns entries that say that police asked and that it was answered: whose number it is may know who was
 * given it. The answer itself is for police: a false reporter could try numbers until one fits, and a true one
 * would take a hint for a proof.
 */
async function questionEntries(asked: readonly AskedCarrier[]): Promise<TimelineEntry[]> {
  const [t, lookup] = await Promise.all([
    getTranslations('case-sim.citizen'),
    getTranslations('case-sim.lookup'),
  ])
  // Carriers are asked one after another: only the newest entry says why, since the same words below each would hide
  // the rest.
  const said = new Set<string>()
  const once = (words: string) => {
    if (said.has(words)) return null
    said.add(words)
    return <p>{words}</p>
  }
  const entry = (
    { id, kind, carrierName: carrier }: AskedCarrier,
    what: 'asked' | 'answered',
    at: Instant,
  ): TimelineEntry => {
    const looksUp = kind === 'imei_of_number'
    return {
      key: `${what}-${id}`,
      title: looksUp && what === 'asked' ? lookup('asked', { carrier }) : t(what, { carrier }),
      when: 'done',
      at,
      children: once(looksUp ? lookup(`${what}_text`) : t(`${what}_text`)),
    }
  }
  const latestFirst = asked.toSorted((a, b) => b.askedAt.getTime() - a.askedAt.getTime())
  return latestFirst.flatMap((one) => [
    ...(one.answeredAt ? [entry(one, 'answered', one.answeredAt)] : []),
    entry(one, 'asked', one.askedAt),
  ])
}

const filesWords = (count: number, say: (count: number) => string): string | null =>
  count === 0 ? null : say(count)

function EventWords({
  body,
  reason,
  message,
  correction,
  from,
  files,
}: {
  readonly body: string | null
  readonly reason: string | null
  readonly message: string | null
  readonly correction: string | null
  readonly from: string
  readonly files: string | null
}) {
  return (
    <>
      {body === null ? null : <p>{body}</p>}
      {reason === null ? null : <p>{reason}</p>}
      {correction === null ? null : (
        <p className="max-w-measure wrap-anywhere whitespace-pre-line" data-correction>
          <Written>{correction}</Written>
        </p>
      )}
      {message === null ? null : (
        <figure className="mt-2 border-l-3 border-line pl-3">
          <figcaption className="text-sm text-soft">{from}</figcaption>
          <blockquote className="max-w-measure wrap-anywhere whitespace-pre-line">
            <Written>{message}</Written>
          </blockquote>
        </figure>
      )}
      {files === null ? null : <p className="text-sm text-soft">{files}</p>}
    </>
  )
}

async function Next({
  next,
  area,
  remindedAt,
  now,
}: Pick<CaseTimelineProps, 'next' | 'remindedAt' | 'now'> & { readonly area: string }): Promise<ReactNode> {
  const [t, when] = await Promise.all([getTranslations('case'), sayWhen(now)])
  if (next.length === 0) return null
  const title = ({ step, by }: NextEntry): string => {
    const dated = by !== null && (step === 'carriers_block' || step === 'carriers_lift')
    return dated ? t(`next.${step}_due`) : t(`next.${step}`, { area })
  }
  const time = ({ step, by }: NextEntry): string | null => {
    if (by === null) return null
    // The citizen's own time is never late: it is over, and the case with it.
    if (
      by < now &&
      step !== 'hold_ends' &&
      step !== 'reply_or_expire' &&
      !OWN_TIME.some((one) => one === step) &&
      step !== 'withdrawn'
    )
      return remindedAt === null || step === 'carriers_block' || step === 'carriers_lift'
        ? t('next.late')
        : t('next.late_told', { area, when: when(remindedAt) })
    if (step === 'withdrawn' || step === 'hold_ends') return t('clock.at', { when: when(by) })
    return t(OWN_TIME.some((one) => one === step) ? 'clock.until' : 'clock.by', { when: when(by) })
  }
  return (
    <div>
      <h3 className="mb-4">{t('timeline.next')}</h3>
      <Timeline
        entries={next.map((entry) => ({
          key: entry.step,
          title: title(entry),
          when: 'next',
          children: <p className="text-sm">{time(entry)}</p>,
        }))}
      />
    </div>
  )
}
