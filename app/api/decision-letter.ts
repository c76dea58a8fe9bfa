import { unitContact, unitOf } from '#features/areas/data.ts'
import type { CitizenCaseView } from '#features/cases/citizen/data.ts'
import type { CaseFileView } from '#features/cases/file/page-data.ts'
import { readServedLetters } from '#features/cases/letters/data.ts'
import { type DecisionKind, decisionsIn, type Served } from '#features/cases/letters/rules.ts'
import type { DecisionLetterWords } from '#features/cases/paper/decision-letter.ts'
import { decisionLetterWords } from '#features/cases/paper/decision-letter-words.ts'
import type { Particulars } from '#features/cases/particulars/rules.ts'
import type { CaseSnapshot } from '#features/cases/record/snapshot-rules.ts'
import { remediesOf } from '#features/cases/remedies/rules.ts'
import { citySettings, lawsInForce } from '#features/lookup-tables/data.ts'
import type { Instant } from '#lib/time.ts'
import type { Locale } from '#messages/routing.ts'

interface DecisionLetter {
  readonly words: DecisionLetterWords
  readonly kind: DecisionKind
  readonly served: Served | null
}

interface Decided {
  readonly snapshot: CaseSnapshot
  readonly kind: DecisionKind
  /** The state that the decision led to. */
  readonly to: string
  readonly served: Served | null
  readonly at: Instant
  readonly by: 'unit' | 'city' | 'clock'
  readonly reasonCode: string | null
  readonly message: string | null
  readonly particulars: Pick<Particulars, 'fullName' | 'contact'>
  readonly phone: { readonly brand: string; readonly model: string; readonly imeis: readonly string[] }
}

async function write(
  { snapshot: c, kind, to, served, at, by, particulars, ...rest }: Decided,
  locale: Locale,
  now: Instant,
): Promise<DecisionLetter | null> {
  const unit = await unitOf(c.unitId)
  if (!unit) return null
  const laws = lawsInForce()
  const { address, telephone } = await unitContact(c.unitId, locale)
  const heardAt = particulars.contact === null ? (served?.servedAt ?? null) : at
  const decided = { kind, heardAt, level: by === 'city' ? 'city' : 'unit' } as const
  const words = decisionLetterWords(
    {
      ...rest,
      ...{ kind, by, number: c.number, fullName: particulars.fullName, decidedAt: at, unit },
      watched: kind === 'unblock_refused' ? to === 'watching' : c.watchUntil !== null,
      reach: { ...(address && { address }), ...(telephone && { telephone }) },
      hotline: citySettings().hotline,
      basis: laws.block,
      remedies: remediesOf(c, decided, laws.remedies, now),
      blockedUntil: kind === 'rejected' && c.state === 'rejected' ? c.holdUntil : null,
      printedAt: now,
    },
    locale,
  )
  return { words, kind, served }
}

export async function letterForPolice(
  view: CaseFileView,
  seq: number,
  locale: Locale,
  now: Instant,
): Promise<DecisionLetter | null> {
  const served = await readServedLetters(view.scope, view.snapshot.id)
  const decision = decisionsIn(view.events, served).find(({ event }) => event.seq === seq)
  if (!decision) return null
  const { event, ...rest } = decision
  const { brand, model, imeis, particulars, snapshot } = view
  return write(
    {
      ...rest,
      ...{ snapshot, particulars, to: event.to, at: event.at, reasonCode: event.reasonCode },
      message: event.words.message ?? null,
      by: event.actorKind !== 'staff' ? 'clock' : event.actorRole === 'city_police' ? 'city' : 'unit',
      phone: { brand, model, imeis: imeis.map(({ imei }) => imei) },
    },
    locale,
    now,
  )
}

export async function letterForCitizen(
  { snapshot, events, phone }: CitizenCaseView,
  particulars: Particulars,
  served: readonly Served[],
  seq: number,
  locale: Locale,
  now: Instant,
): Promise<DecisionLetter | null> {
  const decision = decisionsIn(events, served).find(({ event }) => event.seq === seq)
  if (!decision || !phone) return null
  const { event, ...rest } = decision
  return write(
    {
      ...rest,
      ...{ snapshot, particulars, phone, to: event.to, at: event.at },
      ...{ reasonCode: event.reasonCode, message: event.message },
      by: event.by === 'city' ? 'city' : event.by === 'district' ? 'unit' : 'clock',
    },
    locale,
    now,
  )
}
