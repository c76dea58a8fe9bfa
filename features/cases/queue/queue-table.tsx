import { getLocale, getTranslations } from 'next-intl/server'
import { TickAll } from '#components/form/tick-all.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Link } from '#components/ui/link.tsx'
import { Tag } from '#components/ui/tag.tsx'
import type { ReadingHint } from '#features/evidence/readings/rules.ts'
import type { Instant } from '#lib/time.ts'
import type { Route } from '#messages/paths.ts'
import { languageOf } from '#messages/ready-text.ts'
import { holdWaitsUntil } from '../moves/rules.ts'
import { namedState } from '../record/state-rules.ts'
import { DueInList, ShortNumber } from './due.tsx'
import { flagsOf, happenedIn, type QueueLine, toneOf } from './queue-words.tsx'
import { type QueueSort, SOON, turnOf, URGENCIES, type Urgency } from './rules.ts'

export interface QueueTableProps {
  readonly lines: readonly QueueLine[]
  readonly now: Instant
  /** Groups the rows under headings of urgency. */
  readonly grouped?: boolean
  readonly sort?: QueueSort
  /** The addresses of the list in other orders, for links in the column heads. */
  readonly sortHref?: ((sort: QueueSort) => Route) | undefined
  readonly ticked?: boolean
  /** The list, as in the address of each of its cases; the next case comes from it. */
  readonly stream?: string
  /** The case shown beside the table, and the address that shows another one there. */
  readonly beside?:
    | {
        readonly number: string
        readonly hrefOf: (number: string) => string
      }
    | undefined
}

/** Renders the police's work as a table: rows on a desk, cards on a phone. */
export async function QueueTable({
  lines,
  now,
  grouped = false,
  sort,
  sortHref,
  ticked = false,
  stream,
  beside,
}: QueueTableProps) {
  const t = await getTranslations('case-staff.queue')
  const groups: readonly (readonly [Urgency | null, readonly QueueLine[]])[] = grouped
    ? URGENCIES.map((urgency) => [urgency, lines.filter((line) => urgencyOf(line, now) === urgency)])
    : [[null, lines]]
  const columns = 5 + (ticked ? 1 : 0)
  const sorted = (by: QueueSort) =>
    sort === by ? (by === 'due' ? ('ascending' as const) : ('descending' as const)) : undefined
  return (
    <table className="table queue" data-phone="cards" data-roomy="" data-rows="">
      <caption className="sr-only">{t('title')}</caption>
      <thead>
        <tr>
          {ticked ? (
            <th scope="col" className="queue-tick">
              <TickAll name="chosen" words={t('tick_all')} />
              <span className="sr-only">{t('tick')}</span>
            </th>
          ) : null}
          <th scope="col" aria-sort={sorted('received')}>
            <Head words={t('number')} by="received" sort={sort} hrefOf={sortHref} />
          </th>
          <th scope="col">{t('who_and_device')}</th>
          <th scope="col" aria-sort={sorted('happened')}>
            <Head words={t('happened')} by="happened" sort={sort} hrefOf={sortHref} />
          </th>
          <th scope="col">{t('proof')}</th>
          <th scope="col" data-align="end" aria-sort={sorted('due')}>
            <Head words={t('due_and_who')} by="due" sort={sort} hrefOf={sortHref} />
          </th>
        </tr>
      </thead>
      {groups.map(([urgency, rows]) =>
        rows.length === 0 ? null : (
          <tbody key={urgency ?? 'all'}>
            {urgency === null ? null : (
              <tr className="queue-group" data-urgency={urgency}>
                <th scope="rowgroup" colSpan={columns}>
                  {t(`urgency.${urgency}`)} <span className="num">· {rows.length}</span>
                </th>
              </tr>
            )}
            {rows.map((line) => (
              <Line key={line.id} line={line} now={now} ticked={ticked} stream={stream} beside={beside} />
            ))}
          </tbody>
        ),
      )}
    </table>
  )
}

function urgencyOf({ actBy }: { readonly actBy: Instant }, now: Instant): Urgency {
  const left = actBy.getTime() - now.getTime()
  if (left < 0) return 'overdue'
  return left < SOON ? 'soon' : 'later'
}

/** Renders the head of a sortable column: a link if this list can be sorted, with an arrow on the current order. */
async function Head({
  words,
  by,
  sort,
  hrefOf,
}: {
  readonly words: string
  readonly by: QueueSort
  readonly sort: QueueSort | undefined
  readonly hrefOf: QueueTableProps['sortHref']
}) {
  const t = await getTranslations('case-staff.queue.sorted')
  if (hrefOf === undefined) return words
  return (
    <Link className="queue-sort" href={hrefOf(by)} title={t(by)}>
      {words}
      {sort === by ? <span aria-hidden="true"> {by === 'due' ? '↑' : '↓'}</span> : null}
    </Link>
  )
}

interface LineProps {
  readonly line: QueueLine
  readonly now: Instant
}

async function Line({
  line,
  now,
  ticked,
  stream,
  beside,
}: LineProps &
  Pick<QueueTableProps, 'beside'> & {
    readonly ticked: boolean
    readonly stream: string | undefined
  }) {
  const t = await getTranslations('case-staff')
  const current = line.number === beside?.number
  return (
    <tr
      id={line.number}
      data-case-number={line.number}
      data-case-status={line.state}
      data-current={current ? '' : undefined}
    >
      {ticked ? (
        <td className="queue-tick">
          <label>
            <input type="checkbox" name="chosen" value={`${line.number}:${line.version}`} />
            <span className="sr-only">{t('queue.tick_one', { number: line.number })}</span>
          </label>
        </td>
      ) : null}
      <th scope="row">
        <Link
          className="num"
          data-row=""
          aria-current={current ? 'true' : undefined}
          href={{ pathname: '/admin/cases/[number]', params: { number: line.number }, query: { in: stream } }}
        >
          <ShortNumber number={line.number} />
        </Link>
        {beside === undefined ? null : (
          <a className="queue-peek" data-peek={line.number} href={beside.hrefOf(line.number)}>
            <span className="sr-only">{t('glance.peek', { number: line.number })}</span>
          </a>
        )}
        <Second words={t(`state.${namedState(line)}`)} />
      </th>
      <td data-label={t('queue.who_and_device')}>
        <Person line={line} />
      </td>
      <td data-label={t('queue.happened')}>
        <Happened line={line} now={now} />
      </td>
      <td data-label={t('queue.proof')}>
        <Proof line={line} />
      </td>
      <td data-label={t('queue.due_and_who')} data-align="end">
        <span className="queue-cell">
          <DueInList
            state={line.state}
            dueAt={line.dueAt}
            holdWaitsUntil={holdWaitsUntil(line)}
            withdrawEffectiveAt={line.withdrawEffectiveAt}
            held={line.held}
            now={now}
            who={<Who line={line} />}
          />
        </span>
      </td>
    </tr>
  )
}

/** Renders the second line of a cell; its title has the whole text for narrow columns. */
const Second = ({ words }: { readonly words: string }) => (
  <span className="queue-second" title={words}>
    {words}
  </span>
)

async function Person({ line }: { readonly line: QueueLine }) {
  const t = await getTranslations('case-staff.queue')
  const device = `${line.brand} ${line.model}`.trim()
  const name = line.told && (line.told.name || t('no_name'))
  return (
    <span className="queue-cell">
      {name === null ? null : (
        <b className="queue-name" title={name}>
          {name}
        </b>
      )}
      <Second words={device || t('no_device')} />
    </span>
  )
}

async function Happened({ line, now }: LineProps) {
  const [kinds, locale] = await Promise.all([getTranslations('case-staff.queue.short_kind'), getLocale()])
  const { when } = await happenedIn(languageOf(locale), line, now)
  // The unit first, because the end of a long text is cut off.
  const place = [line.unitName, line.told?.place].filter(Boolean).join(', ')
  return (
    <span className="queue-cell">
      <span className="queue-happened">
        {kinds(line.incidentType)}, <time dateTime={line.incidentAt.toISOString()}>{when}</time>
      </span>
      {place === '' ? null : <Second words={place} />}
    </span>
  )
}

export const HINTS: Readonly<Record<ReadingHint, 'good' | 'bad' | 'soft'>> = {
  agrees: 'good',
  both: 'bad',
  differs: 'bad',
  unclaimed: 'soft',
  unread: 'soft',
  nothing: 'soft',
}

/** Shows the most important flag or the number of files, and whether what a machine read in them agrees with the claim. */
async function Proof({ line }: { readonly line: QueueLine }) {
  const t = await getTranslations('case-staff.queue')
  const { proof } = line
  const flagged = flagsOf(line).length > 0
  if (proof.files === 0 && !flagged) return <span className="text-soft">{t('no_files')}</span>
  return (
    <span className="queue-cell">
      {flagged ? (
        <Flags line={line} />
      ) : (
        <span className="queue-files">{t('files', { count: proof.files })}</span>
      )}
      {flagged && proof.files === 0 ? <Second words={t('no_files')} /> : null}
      {proof.hint === null ? null : (
        <span className="queue-hint" data-hint={HINTS[proof.hint]}>
          {HINTS[proof.hint] === 'soft' ? null : (
            <Icon name={HINTS[proof.hint] === 'good' ? 'check' : 'alert'} size={14} />
          )}
          {t(`hint.${proof.hint}`)}
        </span>
      )}
    </span>
  )
}

/** Shows who has to act: the officer who has the case, or the person or office that it waits for. */
async function Who({ line }: { readonly line: QueueLine }) {
  const t = await getTranslations('case-staff')
  const turn = turnOf(line)
  const words = turn === null ? (line.assigneeName ?? t('page.nobody')) : t(`turn.${turn}`)
  return <Second words={words} />
}

/** Shows the most important flag, and how many more there are. */
async function Flags({ line }: { readonly line: QueueLine }) {
  const t = await getTranslations('case-staff')
  const [first, ...others] = flagsOf(line)
  if (first === undefined) return null
  const words = others.map((flag) => t(`flag.${flag}`)).join(', ')
  return (
    <span className="queue-flags" title={[t(`flag.${first}`), words].filter(Boolean).join(', ')}>
      <Tag icon={null} tone={toneOf(first)}>
        {t(`flag.${first}`)}
      </Tag>
      {others.length === 0 ? null : (
        <>
          <span aria-hidden="true">{t('queue.more_flags', { count: others.length })}</span>
          <span className="sr-only">{words}</span>
        </>
      )}
    </span>
  )
}
