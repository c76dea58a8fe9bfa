import { getLocale, getTranslations } from 'next-intl/server'
import { Table } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import { Timeline } from '#components/ui/timeline.tsx'
import { Written } from '#components/ui/written.tsx'
import { sayCorrection } from '#messages/said-correction.ts'
import { isDeskAct } from '../citizen/rules.ts'
import type { FileEvent } from './rules.ts'

/** Renders all events, newest first: the person, the time, and all words, to the citizen and among colleagues. */
export async function CaseHistory(props: HistoryProps) {
  return (
    <Timeline
      entries={(await eventWords(props)).map(({ key, event, move, who, ...said }) => ({
        key,
        title: move,
        when: 'done' as const,
        at: event.at,
        children: (
          <div className="space-y-1 text-sm">
            <p className="text-soft">{who}</p>
            <Lines {...said} />
          </div>
        ),
      }))}
    />
  )
}

/** Renders the same history for paper, oldest first and as compact as possible. */
export async function HistoryTable({
  heads,
  ...props
}: HistoryProps & { readonly heads: Readonly<Record<'title' | 'at' | 'move' | 'who', string>> }) {
  return (
    <Table
      caption={heads.title}
      captionHidden
      columns={[
        { head: heads.at, cell: ({ event }) => <Time at={event.at} /> },
        {
          head: heads.move,
          phone: 'below',
          cell: ({ move, lines, files }) => (
            <div>
              {move}
              <Lines lines={lines} files={files} />
            </div>
          ),
        },
        { head: heads.who, cell: ({ who }) => who },
      ]}
      rows={(await eventWords(props)).toReversed()}
      keyOf={({ key }) => key}
    />
  )
}

const Lines = ({ lines, files }: Pick<EventWords, 'lines' | 'files'>) => (
  <>
    {lines.map(({ label, text }) => (
      <p key={label} className="wrap-anywhere whitespace-pre-line">
        <b>{label}</b> <Written>{text}</Written>
      </p>
    ))}
    {files === null ? null : <p className="text-soft">{files}</p>}
  </>
)

interface HistoryProps {
  readonly events: readonly FileEvent[]
  readonly names: ReadonlyMap<string, string>
  readonly areas: ReadonlyMap<string, string>
  /** The number of files sent with each event, by the event's sequence number. */
  readonly files: ReadonlyMap<number, number>
}

interface EventWords {
  readonly key: string
  readonly event: FileEvent
  readonly move: string
  readonly who: string
  /** All lines of words about the event: the code first, then words for or by the citizen, then words among colleagues. */
  readonly lines: readonly { readonly label: string; readonly text: string }[]
  /** The number of files sent with the event, in words. */
  readonly files: string | null
}

async function eventWords({ events, names, areas, files }: HistoryProps): Promise<readonly EventWords[]> {
  const [t, locale] = await Promise.all([getTranslations('case-staff'), getLocale()])
  const say = await sayCorrection(locale)
  const who = (event: FileEvent): string => {
    if (event.actorKind !== 'staff') return t(`actor.${event.actorKind}`)
    const name = (event.actorId && names.get(event.actorId)) || t('actor.staff')
    const area = event.actorUnitId && areas.get(event.actorUnitId)
    return area ? `${name}, ${area}` : name
  }
  const code = (value: string) =>
    t.has(`code.${value}` as 'code.other') ? t(`code.${value}` as 'code.other') : value
  return events.map((event) => ({
    key: String(event.seq),
    event,
    move: t(`move.${event.move}`),
    who: who(event),
    lines: [
      { label: t('history.code'), text: event.reasonCode ? code(event.reasonCode) : undefined },
      {
        label: t(
          event.actorKind === 'citizen'
            ? 'history.wrote'
            : isDeskAct(event.move)
              ? 'history.said'
              : 'history.message',
        ),
        text: event.words.message,
      },
      { label: t('history.correction'), text: event.words.correction && say(event.words.correction) },
      { label: t('history.reason'), text: event.words.reason },
      { label: t('history.note'), text: event.words.note },
    ].flatMap(({ label, text }) => (text ? [{ label, text }] : [])),
    files: files.has(event.seq) ? t('history.files', { count: files.get(event.seq) ?? 0 }) : null,
  }))
}
