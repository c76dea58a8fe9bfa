import { getLocale, getTranslations } from 'next-intl/server'
import { Details } from '#components/ui/details.tsx'
import { Link } from '#components/ui/link.tsx'
import { Timeline, type TimelineEntry } from '#components/ui/timeline.tsx'
import { Written } from '#components/ui/written.tsx'
import type { Exempted } from '#features/exchange/orders/rules.ts'
import { CARRIER_QUESTION_KINDS, type NumberQuestion } from '#features/exchange/questions/rules.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import { sayCorrection } from '#messages/said-correction.ts'
import { type Area, sayArea } from '../citizen/offices.tsx'
import { isDeskAct } from '../citizen/rules.ts'
import { movesThat } from '../moves/rules.ts'
import { sayWhen } from '../standing/when.tsx'
import { isEndOfWatch, type NextEntry, type PastEntry } from './rules.ts'

interface CaseTimelineProps {
  readonly number: string
  readonly past: readonly PastEntry[]
  readonly next: readonly NextEntry[]
  readonly units: ReadonlyMap<string, Area>
  readonly unitId: string
  readonly authority: string
  /** True if the person who filed the case has it, and so cannot verify it. */
  readonly waitsForOther: boolean
  readonly carriers: number
  readonly queued: number
  readonly exempt: Exempted
  /** How many files came with each event, by the event's sequence number. */
  readonly files: ReadonlyMap<number, number>
  /** The carriers that were asked about the person's number, without their answers. */
  readonly asked: readonly TimelineCarrier[]
  /** When supervisors were reminded of what is late now; null if they were not. */
  readonly remindedAt: Instant | null
  readonly now: Instant
}

export interface TimelineCarrier {
  readonly id: string
  readonly carrierName: string
  readonly kind: NumberQuestion
  readonly askedAt: Instant
  readonly answeredAt: Instant | null
}

/** Moves whose text matters only at the time; later their title is enough. */
const ROUTINE: readonly string[] = [
  'submitted',
  'verify',
  'approve',
  'appeal',
  'allow_lookup',
  'undo_withdraw',
]

/** How many of the newest events are shown unfolded. */
const SHOWN = 3

/**
 * Shows the course of a case in order: what happened, what is going on, what comes next. Older events are folded into one line.
 */
export async function CaseTimeline(props: CaseTimelineProps) {
  const [t, area, locale] = await Promise.all([getTranslations('case'), sayArea(props.units), getLocale()])
  const saidCorrection = await sayCorrection(locale)
  const office = (entry: PastEntry): string => {
    if (entry.by !== 'district') return t(`timeline.${entry.by}`)
    return t('timeline.district', { area: area(entry.unitId) })
  }
  const newestOrder = props.past.find(({ move }) => ORDERING.includes(move))
  /**
   * Returns how much of the newest order has been sent, so that nothing is called sent too early; `none` for an earlier order,
   * whose progress this page does not know.
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
    sending: entry.to === 'watching' ? 'watched' : sendingOf(entry),
    at: formatInstant(locale, entry.at, 'moment'),
    ...exemptWords(props.exempt),
  })
  // Most events have no words besides their title; a missing text is no error.
  const optional = (key: string, values: ReturnType<typeof words>): string | null =>
    t.has(key as 'event.submitted.body') ? t(key as 'event.submitted.body', values) : null

  const title = (entry: PastEntry): string => {
    const values = words(entry)
    const atDesk = entry.by === 'citizen' ? null : optional(`event.${entry.move}.desk`, values)
    if (atDesk !== null) return atDesk
    if (props.waitsForOther && entry.move === 'take' && entry.when === 'now')
      return t('event.take.filer', values)
    const present = entry.when === 'now' ? optional(`event.${keyOf(entry, props.past)}.now`, values) : null
    return present ?? t(`event.${keyOf(entry, props.past)}.title`, values)
  }

  const shown = (entry: PastEntry): TimelineEntry => ({
    key: String(entry.seq),
    title: title(entry),
    when: entry.when,
    at: entry.at,
    ...(entry.when === 'now' && { mark: t('timeline.now') }),
    children: (
      <EventWords
        body={
          isDeskAct(entry.move) && entry.by !== 'citizen'
            ? t('timeline.atDesk', { who: office(entry) })
            : ROUTINE.includes(entry.move) && entry.seq !== props.past[0]?.seq
              ? null
              : optional(`event.${keyOf(entry, props.past)}.body`, words(entry))
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
  })
  /** Returns the entry for what has been going on since an event, shown after later events. */
  const goingOn = (entry: PastEntry): TimelineEntry => ({
    key: 'now',
    title: title(entry),
    when: 'now',
    mark: t('timeline.now'),
  })

  // Asking a carrier changes no case, so the question is placed among the case's events by its time.
  const asked = await questionEntries(props.asked, props.now)
  const present = props.past.find(({ when }) => when === 'now')
  const isLast = [...props.past, ...asked].every(({ at }) => !present || !at || at <= present.at)
  const road = [
    ...props.past
      .toReversed()
      .map((entry) => shown(entry === present && !isLast ? { ...entry, when: 'done' } : entry)),
    ...asked,
  ].toSorted(earliestFirst)
  if (present && !isLast) road.push(goingOn(present))
  // The newest words of police are never folded, because the page refers to them.
  const said = props.past.find(({ by, message }) => by !== 'citizen' && message !== null)
  const saidAt = road.findIndex(({ key }) => key === String(said?.seq))
  const most = Math.min(road.length - SHOWN, saidAt < 0 ? road.length : saidAt)
  const before = most > 1 ? road.slice(0, most) : []
  const recent = road.slice(before.length)
  return (
    <section>
      <div className="mb-4 flex flex-wrap items-baseline justify-between gap-x-3">
        <h2>{t('timeline.title')}</h2>
        <Link
          href={{ pathname: '/track/[number]', params: { number: props.number } }}
          className="print-hidden text-sm"
        >
          {t('page.refresh')}
        </Link>
      </div>
      {before.length === 0 ? null : (
        <div className="mb-4">
          <Details summary={t('timeline.before', { count: before.length })} look="aside">
            <Timeline entries={before} />
          </Details>
        </div>
      )}
      <Timeline entries={[...recent, ...(await nextEntries(props, area(props.unitId)))]} />
    </section>
  )
}

/** Returns the key of an entry's words. A review is against an unblock, not a rejection, so it has words of its own; so has a watch. */
const keyOf = (entry: PastEntry, past: readonly PastEntry[]) => {
  const { move, from } = entry
  if (isEndOfWatch(entry, past)) return `${move as 'request_unblock'}_watched` as const
  if (move === 'reply' && from === 'expired') return 'reply_reopened'
  return move === 'appeal' && from === 'unblocked' ? 'appeal_review' : move
}

/** The steps that carriers carry out. */
const OF_CARRIERS = ['carriers_block', 'carriers_lift', 'watch_lift'] as const
const isOfCarriers = (step: NextEntry['step']): step is (typeof OF_CARRIERS)[number] =>
  OF_CARRIERS.some((one) => one === step)

/** The steps in which the person may ask for more. */
const OWN_TIME = ['appeal', 'review', 'reopen'] as const

const ORDERING: readonly string[] = movesThat((rule) => rule.sending !== undefined)
const RECALLING: readonly string[] = movesThat((rule) => rule.sending === 'recall')

const namesOr = (names: readonly string[]): string => names.join(', ') || 'none'

export const exemptWords = ({ block, unblock }: Exempted) => ({
  exempt: namesOr(block),
  exemptLift: namesOr(unblock),
})

const earliestFirst = (a: TimelineEntry, b: TimelineEntry): number =>
  (a.at?.getTime() ?? 0) - (b.at?.getTime() ?? 0)

/**
 * Returns one entry for all carriers that were asked the same question, with each of them in a fold: the owner of a number may
 * know who was given it. The answer itself is only for police: a false reporter could try numbers until one fits, and a true one
 * would take a hint for a proof.
 */
async function questionEntries(asked: readonly TimelineCarrier[], now: Instant): Promise<TimelineEntry[]> {
  const [t, when] = await Promise.all([getTranslations('case-sim.citizen'), sayWhen(now)])
  return CARRIER_QUESTION_KINDS.flatMap((kind) => {
    const some = asked
      .filter((one) => one.kind === kind)
      .toSorted((a, b) => a.askedAt.getTime() - b.askedAt.getTime())
    const newest = some.at(-1)
    if (newest === undefined) return []
    const title = t('asked', {
      count: some.length,
      carrier: newest.carrierName,
      answered: some.filter(({ answeredAt }) => answeredAt !== null).length,
    })
    return {
      key: kind,
      title,
      when: 'done',
      at: newest.askedAt,
      children: (
        <Details summary={t('each', { count: some.length })} look="plain">
          <p className="text-sm">{t(kind)}</p>
          <ul className="text-sm">
            {some.map(({ id, carrierName: carrier, askedAt, answeredAt }) => (
              <li key={id}>
                {t('one', {
                  carrier,
                  asked: when(askedAt),
                  answered: answeredAt === null ? 'none' : when(answeredAt),
                })}
              </li>
            ))}
          </ul>
        </Details>
      ),
    }
  })
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

async function nextEntries(
  { next, remindedAt, now }: CaseTimelineProps,
  area: string,
): Promise<TimelineEntry[]> {
  const [t, when] = await Promise.all([getTranslations('case'), sayWhen(now)])
  const title = ({ step, by }: NextEntry): string => {
    return by !== null && isOfCarriers(step) ? t(`next.${step}_due`) : t(`next.${step}`, { area })
  }
  const time = ({ step, by }: NextEntry): string | null => {
    if (by === null) return null
    // The citizen's own time is never late: when it is over, so is the case.
    if (
      by < now &&
      step !== 'hold_ends' &&
      step !== 'reply_or_expire' &&
      !OWN_TIME.some((one) => one === step) &&
      step !== 'withdrawn'
    )
      return remindedAt === null || isOfCarriers(step)
        ? t('next.late')
        : t('next.late_told', { area, when: when(remindedAt) })
    if (step === 'withdrawn' || step === 'hold_ends') return t('clock.at', { when: when(by) })
    return t(OWN_TIME.some((one) => one === step) ? 'clock.until' : 'clock.by', { when: when(by) })
  }
  return next.map((entry) => ({
    key: entry.step,
    title: title(entry),
    when: 'next',
    children: <p className="text-sm">{time(entry)}</p>,
  }))
}
