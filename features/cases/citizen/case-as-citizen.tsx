import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Card } from '#components/ui/card.tsx'
import { Details } from '#components/ui/details.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import type { UnitLinesProps } from '#features/areas/unit-lines.tsx'
import { type Hearing, hearingState, isHeard } from '#features/disputes/sides/rules.ts'
import type { Exempted } from '#features/exchange/orders/rules.ts'
import { MAX_IMEIS } from '#lib/imei/imei.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import { FoundCard, type WaitingPhone } from '../found/found-card.tsx'
import { mayCollect, ruleOf } from '../moves/rules.ts'
import type { CitizenForm as FormSpec } from '../moves/spec-rules.ts'
import { type CaseSnapshot, heldFor } from '../record/snapshot-rules.ts'
import { LastBoxCard } from '../remedies/last-box.tsx'
import { type LastBox, unitOfDecision } from '../remedies/last-box-rules.ts'
import { CarriersTable } from '../standing/carriers-table.tsx'
import { CaseClocks } from '../standing/case-clocks.tsx'
import {
  type CarrierLine,
  type CaseStanding,
  type Chapter,
  countCarriers,
  filerHasIt,
} from '../standing/rules.ts'
import { sayWhen } from '../standing/when.tsx'
import { CaseTimeline, exemptWords, type TimelineCarrier } from '../timeline/case-timeline.tsx'
import { CaseWay } from '../timeline/case-way.tsx'
import { drawWay, type NextEntry, type PastEntry } from '../timeline/rules.ts'

import { ActForm, type ReleasedPhone } from './act-form.tsx'
import { Asked, Refused, type RefusedAct } from './act-words.tsx'
import type { AddedFact } from './added-facts-rules.ts'
import { CaseHeading, type Phone } from './case-heading.tsx'
import { type Area, sayArea } from './offices.tsx'
import { ReadElsewhere, type ReadElsewhereProps } from './read-elsewhere.tsx'
import { actsOpen, CITIZEN_ACTS, type CitizenAct, formOf } from './rules.ts'

interface CaseAsCitizenProps {
  /** Shows the case without its acts. */
  readonly onlyShown?: boolean
  readonly snapshot: CaseSnapshot
  readonly standing: CaseStanding
  readonly past: readonly PastEntry[]
  readonly next: readonly NextEntry[]
  /** The decisions that ended something and are still in force, with the remedies against them. */
  readonly boxes: readonly LastBox[]
  readonly carriers: readonly CarrierLine[]
  readonly exempt: Exempted
  readonly found: readonly WaitingPhone[]
  readonly handedOver: boolean
  readonly units: ReadonlyMap<string, Area & { readonly kind: string }>
  readonly authority: string
  readonly earlier: string | null
  /** The number of the active case in which the person reported the phone anew; null without full access. */
  readonly anew: string | null
  /** Null without full access; then there are no acts either. */
  readonly phone: Phone | null
  readonly unit: UnitLinesProps
  /** The number of documents sent with each event, by the event's sequence number. */
  readonly files: ReadonlyMap<number, number>
  /** Foldable rows: the person's papers, contacts and data, who has opened the case, and whom to call. */
  readonly own: ReactNode
  readonly below: ReactNode
  /** Notices above all that is asked of the person: a new contact that waits, a step that is late. */
  readonly above: ReactNode
  /** Cards below it, such as what the person has locked and with whom the case is shared. */
  readonly beside: ReactNode
  readonly lookup: 'given' | 'ask' | 'withdrawn'
  readonly mayWatch: boolean
  readonly dataActs: readonly CitizenAct[]
  readonly refused: RefusedAct | null
  readonly done: string | null
  /** The carriers that were asked about the person's number; empty without full access. */
  readonly asked: readonly TimelineCarrier[]
  readonly phones: readonly ReleasedPhone[]
  readonly readElsewhere: ReadElsewhereProps | null
  readonly missing: readonly AddedFact[]
  /** The time of the person to answer the holder of the phone, who objects to the block. */
  readonly objection: Hearing
  /** When the supervisors were reminded of what is late now; null if nothing is late or nobody was reminded yet. */
  readonly remindedAt: Instant | null
  readonly now: Instant
}

/**
 * Renders the case page: the state of the case in a sentence, the person's next step, each carrier, and the steps from the report
 * to its end. The office in charge and the rarely used rows are beside it on a wide screen and below it on a phone.
 */
export async function CaseAsCitizen(props: CaseAsCitizenProps) {
  const { snapshot: c, standing, carriers, phone, now } = props
  const [t, locale, area] = await Promise.all([getTranslations('case'), getLocale(), sayArea(props.units)])
  const isFull = (phone?.imeis.length ?? 0) >= MAX_IMEIS
  const waiting = (phone?.waiting.length ?? 0) > 0
  const { mayWatch } = props
  const known = { imeisWaiting: waiting, reportedAnew: props.anew !== null, mayWatch }
  const open = actsOpen(c, props.past, now, known)
  const acts = props.onlyShown
    ? []
    : phone
      ? open.filter(
          (act) => !(isFull && ruleOf(act).setsImei) && (act !== 'allow_lookup' || props.lookup === 'ask'),
        )
      : open.filter((act) => ruleOf(act).byCode === true)
  const actsAt = (...places: readonly FormSpec['place'][]) =>
    CITIZEN_ACTS.filter((act) => acts.includes(act) && places.includes(formOf(act).place))
  const isFolded = (act: CitizenAct) => (formOf(act) as FormSpec).folded?.(c) === true
  const form = (act: CitizenAct, look: 'folded' | 'open') => {
    // One level below the frame's own heading, if it has one.
    const Heading = isNeeded ? 'h3' : 'h2'
    const spec: FormSpec = formOf(act)
    const variant = spec.variant?.(c) ?? null
    const body = (
      <ActForm
        act={act}
        variant={variant}
        phones={props.phones}
        missing={props.missing}
        number={c.number}
        version={c.version}
        state={props.refused?.act === act ? props.refused.state : undefined}
      />
    )
    // Only a person who has found the number can type it: until then the form is folded to a line.
    const types = act === 'give_imei' && props.phones.length === 0
    return look === 'folded' || types ? (
      <Details
        key={act}
        summary={t(types ? 'act.give_imei.enter' : `act.${variant ?? act}.title`)}
        note={
          act === 'request_unblock' ? t(`act.${variant === 'end_watch' ? variant : act}.first`) : undefined
        }
        look="row"
        open={props.refused?.act === act}
      >
        {body}
      </Details>
    ) : (
      <div key={act} className="stack">
        <Heading className="text-lg">{t(`act.${variant ?? act}.title`)}</Heading>
        {spec.quotesQuestion ? <Asked past={props.past} /> : null}
        {body}
      </div>
    )
  }
  const wanted = actsAt('urgent', 'main')
  const count = countCarriers(carriers)
  const collects = props.found.length > 0 && mayCollect(c)
  const waits = standing.chapter === 'blocking' && count.queued > 0 && count.queued === count.total
  const late = lateNeed(standing)
  const need = collects
    ? 'collect'
    : props.anew !== null && ENDED[standing.chapter] !== undefined
      ? 'reported_anew'
      : late !== null
        ? late
        : waits
          ? 'blocking_queued'
          : (standing.chapter === 'unblock_review' || standing.chapter === 'watch_review') && props.handedOver
            ? (`${standing.chapter}_returned` as const)
            : standing.chapter === 'imei_unknown' && props.phones.length > 0
              ? 'imei_unknown_released'
              : standing.chapter
  const hearing = (side: Hearing) => ({
    hearing: hearingState(side, now),
    until: side.hearingUntil ? formatInstant(locale, side.hearingUntil, 'moment') : '',
  })
  const imported = props.past.some(({ move }) => move === 'imported')
  const by = phone !== null ? 'page' : imported ? 'desk' : 'secret'
  const losing = standing.chapter === 'overturn_review'
  const asked = c.held === 'conflict' && !isHeard(c, now)
  const unanswered = c.objectedAt !== null && c.objectionAnsweredAt === null && !losing
  const held = heldFor(c)
  const isNeeded = asks(standing) || asked || unanswered || losing || collects
  return (
    <article className="stack-l" data-case-status={c.state} {...(held && { 'data-case-held': held })}>
      {props.done === null ? null : (
        <div role="status">
          <Notice tone="ok" title={props.done} />
        </div>
      )}
      <Refused refused={props.refused} acts={[...acts, ...props.dataActs]} />
      <CaseHeading
        number={c.number}
        chapter={props.anew === null ? standing.chapter : (ENDED[standing.chapter] ?? standing.chapter)}
        temporary={standing.temporaryUntil !== null && IN_HAND.includes(standing.chapter)}
        waitsForOther={filerHasIt(c)}
        count={count}
        phone={phone}
        imported={imported}
        earlier={props.earlier}
      />
      <CaseWay way={drawWay(c.state, standing.chapter)} standing={standing} area={area(c.unitId)} now={now} />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-x-12 gap-y-8 print:block md:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="stack-l">
          <div className="stack">
            {props.above}
            <section className="need" data-need={isNeeded ? 'yes' : 'none'}>
              {isNeeded ? <h2>{t('need.title')}</h2> : null}
              <div className="stack">
                <p>
                  {unanswered
                    ? t('need.objection', { ...hearing(props.objection), by })
                    : t(`need.${need}`, {
                        ...exemptWords(props.exempt),
                        ...hearing(c),
                        by,
                        lookup: props.lookup === 'ask' && phone === null ? 'none' : props.lookup,
                        told: props.remindedAt === null ? 'no' : 'yes',
                        anew: props.anew ?? '',
                      })}
                </p>
                {need === 'reported_anew' && props.anew !== null ? (
                  <p>
                    <Link href={{ pathname: '/track', query: { number: props.anew } }}>{t('need.anew')}</Link>
                  </p>
                ) : null}
                {OVER.includes(standing.chapter) ? (
                  <p>
                    <Link href="/report">{t('need.again')}</Link>
                  </p>
                ) : null}
                {wanted.filter((act) => !isFolded(act)).map((act) => form(act, 'open'))}
              </div>
            </section>
            <div className="folds">
              {[...wanted.filter(isFolded), ...actsAt('aside')].map((act) => form(act, 'folded'))}
            </div>
            <TemporaryBlock
              standing={standing}
              queued={count.total > 0 && count.queued === count.total}
              now={now}
            />
            {props.beside}
            {c.sharedDueAt === null ? null : <SharedWordNotice due={c.sharedDueAt} now={now} />}
            {props.readElsewhere && phone ? (
              <ReadElsewhere {...props.readElsewhere} addable={acts.includes('add_imei')} />
            ) : null}
          </div>
          {props.boxes.map((box) => (
            <LastBoxCard key={box.act} box={box} unit={unitOfDecision(props.units, box.unitId)} place={by} />
          ))}
          {props.found.map((one) => (
            <FoundCard key={one.id} phone={one} state={c.state} watched={c.watchUntil !== null} />
          ))}
          <Carriers {...props} />
          <CaseTimeline
            {...props}
            number={c.number}
            unitId={c.unitId}
            carriers={carriers.length}
            queued={count.queued}
            waitsForOther={filerHasIt(c)}
          />
        </div>
        <aside className="print-hidden stack-l">
          <CaseClocks standing={standing} unit={props.unit} now={now} />
          {props.onlyShown ? null : (
            <section>
              <h2 className="mb-4">{t('page.yours')}</h2>
              {props.below}
              <div className="folds">
                {actsAt('after').map((act) => form(act, 'folded'))}
                {props.own}
                {actsAt('last').map((act) => form(act, 'folded'))}
              </div>
            </section>
          )}
        </aside>
      </div>
    </article>
  )
}

/** Renders a notice that one carrier sees the IMEI in several phones: what stays in force meanwhile, and who answers by when. */
async function SharedWordNotice({ due, now }: { readonly due: Instant; readonly now: Instant }) {
  const [t, say] = await Promise.all([getTranslations('case.shared_said'), sayWhen(now)])
  return (
    <Notice title={t('title')}>
      <p>{t(now > due ? 'late' : 'text', { time: say(due) })}</p>
    </Notice>
  )
}

async function TemporaryBlock({
  standing,
  queued,
  now,
}: Pick<CaseAsCitizenProps, 'standing' | 'now'> & {
  /** No carrier has been told of it yet. */
  readonly queued: boolean
}) {
  const [t, say] = await Promise.all([getTranslations('case.hold'), sayWhen(now)])
  if (standing.temporaryUntil === null) return null
  const when = say(standing.temporaryUntil)
  const rejected = standing.chapter === 'rejected' || standing.chapter === 'rejected_finally'
  return (
    <Notice title={t(rejected ? 'rejected' : queued ? 'queued' : 'title', { when })}>
      <p>{t(rejected ? 'rejectedText' : 'text')}</p>
    </Notice>
  )
}

/** The chapters in which police have the case and have not decided. */
const IN_HAND: readonly Chapter[] = ['submitted', 'under_review', 'appealed']

/**
 * The chapters in which a case can be taken up again. If the phone was reported anew, the headline is that of the final chapter
 * instead.
 */
const ENDED: Partial<Record<Chapter, Chapter>> = {
  expired: 'expired_finally',
  rejected: 'rejected_finally',
  overturned: 'overturned_finally',
}

/** The chapters in which only a new case can help. */
const OVER: readonly Chapter[] = ['overturned_finally', 'rejected_finally', 'withdrawn', 'expired_finally']

/** Returns the key of what the person can do while another party is late; null if nobody is late. */
const lateNeed = ({ clocks, holder }: CaseStanding): 'late' | 'late_carriers' | null => {
  if (!clocks.some(({ overdue }) => overdue)) return null
  return holder === 'carriers' ? 'late_carriers' : 'late'
}

const asks = ({ holder, chapter }: CaseStanding): boolean =>
  holder === 'citizen' || chapter === 'imei_unknown' || chapter === 'expired_finally'

const ALL_DONE = { block: 'allApplied', unblock: 'allLifted', watch: 'allWatching' } as const

async function Carriers({ standing, carriers, phone, authority, now }: CaseAsCitizenProps) {
  const [t, when] = await Promise.all([getTranslations('case.carriers'), sayWhen(now)])
  // With a code alone, a watched phone looks like a verified one. So a verified case must not say that no carrier was told.
  const undecided = ['submitted', 'under_review', 'appealed', 'info_requested'] as const
  const before = phone === null ? undecided : [...undecided, 'verified' as const]
  if (carriers.length === 0) {
    if (!before.some((chapter) => chapter === standing.chapter)) return null
    return <p className="text-sm text-soft">{t('notYet')}</p>
  }
  const watched = standing.chapter === 'watch_ending' || standing.chapter === 'watch_ended'
  const table = <CarriersTable carriers={carriers} authority={authority} watched={watched} now={now} />
  const last = Math.max(...carriers.map(({ doneAt }) => doneAt?.getTime() ?? 0))
  const [first] = carriers
  if (first && last > 0 && carriers.every(({ state }) => state === 'applied' || state === 'lifted'))
    return (
      <div className="folds">
        <Details
          summary={t(first.action === 'unblock' && watched ? 'allStopped' : ALL_DONE[first.action], {
            count: carriers.length,
          })}
          note={t('allDone', { when: when(new Date(last)) })}
          look="row"
        >
          {table}
        </Details>
      </div>
    )
  return (
    <Card>
      <h2>{t('title')}</h2>
      {table}
    </Card>
  )
}
