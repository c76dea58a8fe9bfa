import { getTranslations } from 'next-intl/server'
import type { EvidenceItem } from '#features/evidence/files/rules.ts'
import type { ProofReading } from '#features/evidence/readings/rules.ts'
import { formatImei, luhnDigit } from '#lib/imei/imei.ts'
import type { Instant } from '#lib/time.ts'
import { pathFor } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'
import type { CaseDecision } from '../decisions/rules.ts'
import { holdWaitsUntil } from '../moves/rules.ts'
import { namedState } from '../record/state-rules.ts'
import { dueIn, leftIn } from './due.tsx'
import type { GlanceShown } from './glance-pane.tsx'
import { HINTS } from './queue-table.tsx'
import { flagsOf, happenedIn, toneOf } from './queue-words.tsx'
import { type QueueRow, turnOf } from './rules.ts'

interface Glance {
  readonly row: QueueRow
  readonly files: readonly Pick<EvidenceItem, 'id' | 'kind' | 'closed'>[]
  readonly reading: ProofReading
  /** The colleagues who have its papers open now. */
  readonly openWith: readonly string[]
  /** The reader's next action, as far as it is known without the evidence; null if it is another's turn. */
  readonly next: CaseDecision | null
}

/** Returns a case beside its list in one language, for the page and for the script that shows another case there. */
export async function glanceIn(
  locale: Locale,
  { row, files, reading, openWith, next }: Glance,
  now: Instant,
): Promise<GlanceShown> {
  const [t, e] = await Promise.all([
    getTranslations({ locale, namespace: 'case-staff' }),
    getTranslations({ locale, namespace: 'evidence' }),
  ])
  const hold = holdWaitsUntil(row)
  const [ofHold, ofCase, happened] = await Promise.all([
    hold && leftIn(locale, hold, now, true),
    dueIn(locale, { ...row, now }),
    happenedIn(locale, row, now),
  ])
  const turn = turnOf(row)
  const place = row.told?.place ?? ''
  const imeis = row.keys.map((key) => formatImei(key + luhnDigit(key)))
  return {
    number: row.number,
    href: pathFor(locale, { pathname: '/admin/cases/[number]', params: { number: row.number } }),
    state: t(`state.${namedState(row)}`),
    due: [ofHold, ofCase].flatMap((said) => (said ? [said] : [])),
    facts: [
      ...(row.told === null
        ? []
        : [{ term: t('glance.person'), value: [row.told.name || t('queue.no_name')] }]),
      { term: t('glance.device'), value: [`${row.brand} ${row.model}`.trim() || t('queue.no_device')] },
      ...(imeis.length === 0 ? [] : [{ term: t('facts.imei_none'), value: imeis }]),
      {
        term: t('glance.incident'),
        value: [`${happened.kind}, ${happened.when}`, ...(place === '' ? [] : [place])],
      },
      {
        term: t('queue.who'),
        value: [turn === null ? (row.assigneeName ?? t('page.nobody')) : t(`turn.${turn}`)],
      },
      { term: t('glance.open_now'), value: openWith.length === 0 ? [t('glance.open_nobody')] : openWith },
    ],
    flags: flagsOf(row).map((flag) => ({ words: t(`flag.${flag}`), tone: toneOf(flag) })),
    files: files.map(({ id, kind, closed }) => {
      const read = reading.files.find(({ evidenceId }) => evidenceId === id)
      const says = read === undefined || read.outcome === null ? 'unread' : read.says
      return {
        id,
        kind: e(`short.${kind}`),
        says: closed === null ? t(`queue.hint.${says}`) : e(`list.${closed}`),
        look: closed === null ? HINTS[says] : 'soft',
      }
    }),
    next: next === null ? null : t(`decision.${next}.button`),
  }
}
