import { Table } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import { Timeline } from '#components/ui/timeline.tsx'
import { Written } from '#components/ui/written.tsx'
import { type EventWords, eventWords, type HistoryProps } from './event-words.ts'

/** Renders everything that happened, newest first: who, when, and all words, for the citizen and among colleagues. */
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

/** Renders the same history for paper, in the order in which it happened and in as little room as it needs. */
export async function HistoryTable({
  heads,
  ...props
}: HistoryProps & { readonly heads: Readonly<Record<'title' | 'at' | 'move' | 'who', string>> }) {
  return (
    <Table
      caption={heads.title}
      captionHidden
      columns={[
        { key: 'at', label: heads.at },
        { key: 'move', label: heads.move, phone: 'below' },
        { key: 'who', label: heads.who },
      ]}
      rows={(await eventWords(props)).toReversed().map(({ key, event, move, who, ...said }) => ({
        key,
        cells: {
          at: <Time at={event.at} />,
          move: (
            <div>
              {move}
              <Lines {...said} />
            </div>
          ),
          who,
        },
      }))}
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
