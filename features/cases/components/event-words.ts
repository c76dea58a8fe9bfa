import { getLocale, getTranslations } from 'next-intl/server'
import { sayCorrection } from '#messages/said-correction.ts'
import { isDeskAct } from '../rules/citizen-acts.ts'
import type { FileEvent } from '../rules/file.ts'

export interface HistoryProps {
  readonly events: readonly FileEvent[]
  readonly names: ReadonlyMap<string, string>
  readonly areas: ReadonlyMap<string, string>
  /** The number of files that came with each event, by the event's sequence. */
  readonly files: ReadonlyMap<number, number>
}

export interface EventWords {
  readonly key: string
  readonly event: FileEvent
  readonly move: string
  readonly who: string
  /** Every line of words that belongs to it: the code first, then for or by the citizen, then among colleagues. */
  readonly lines: readonly { readonly label: string; readonly text: string }[]
  /** The number of files that came with the event, in words. */
  readonly files: string | null
}

/** Returns what is written of each event for police, on the screen and on paper. */
export async function eventWords({
  events,
  names,
  areas,
  files,
}: HistoryProps): Promise<readonly EventWords[]> {
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
