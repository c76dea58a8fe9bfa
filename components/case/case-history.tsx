import { getTranslations } from 'next-intl/server'
import { Timeline } from '#components/ui/timeline.tsx'
import type { FileEvent } from '#domain/case/file.ts'

export interface CaseHistoryProps {
  readonly events: readonly FileEvent[]
  readonly names: ReadonlyMap<string, string>
  readonly areas: ReadonlyMap<string, string>
}

/** Everything that happened, newest first: who, when, and all words, for the citizen and among colleagues. */
export async function CaseHistory({ events, names, areas }: CaseHistoryProps) {
  const t = await getTranslations('case-staff')
  const who = (event: FileEvent): string => {
    if (event.actorKind !== 'staff') return t(`actor.${event.actorKind}`)
    const name = (event.actorId && names.get(event.actorId)) || t('actor.staff')
    const area = event.actorAreaId && areas.get(event.actorAreaId)
    return area ? `${name}, ${area}` : name
  }
  const code = (value: string) =>
    t.has(`code.${value}` as 'code.other') ? t(`code.${value}` as 'code.other') : value
  return (
    <Timeline
      entries={events.map((event) => ({
        key: String(event.seq),
        title: t(`move.${event.move}`),
        when: 'done' as const,
        at: event.at,
        children: (
          <div className="space-y-1 text-[0.94rem]">
            <p className="text-soft">{who(event)}</p>
            {event.reasonCode ? <p>{t('history.code', { code: code(event.reasonCode) })}</p> : null}
            <Words label={t('history.message')} words={event.words.message} />
            <Words label={t('history.reason')} words={event.words.reason} />
            <Words label={t('history.note')} words={event.words.note} />
          </div>
        ),
      }))}
    />
  )
}

function Words({ label, words }: { readonly label: string; readonly words: string | undefined }) {
  if (!words) return null
  return (
    <p className="wrap-anywhere whitespace-pre-line">
      <b>{label}</b> {words}
    </p>
  )
}
