import type { AuditedAct } from '#features/audit/entries/acts.ts'
import type { CaseOrders } from '#features/cases/moves/transition-rules.ts'
import type { Prisma } from '#generated/prisma/client.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import type { CaseKey } from '#platform/crypto.ts'
import type { Chance } from './chance.ts'
import type { Story } from './story.ts'

/** Rows by table, as the product's own commands would have written them. */
export interface CaseRows {
  readonly keys: Prisma.CaseKeyCreateManyInput[]
  readonly cases: Prisma.CaseCreateManyInput[]
  readonly imeis: Prisma.CaseImeiCreateManyInput[]
  readonly events: Prisma.CaseEventCreateManyInput[]
  readonly checks: Prisma.ProofCheckCreateManyInput[]
  readonly checkedImeis: Prisma.ProofCheckImeiCreateManyInput[]
  readonly disclosures: Prisma.DisclosureCreateManyInput[]
  readonly notices: Prisma.NoticeCreateManyInput[]
  readonly consents: Prisma.ConsentCreateManyInput[]
  readonly found: Prisma.BlindIndexCreateManyInput[]
  readonly evidence: Prisma.EvidenceCreateManyInput[]
  readonly readings: Prisma.EvidenceReadingCreateManyInput[]
  /** The measure that each move counts for in the statistics of work. */
  readonly work: Omit<Prisma.WorkDayCreateManyInput, 'count'>[]
}

export const noRows = (): CaseRows => ({
  keys: [],
  cases: [],
  imeis: [],
  events: [],
  checks: [],
  checkedImeis: [],
  disclosures: [],
  notices: [],
  consents: [],
  found: [],
  evidence: [],
  readings: [],
  work: [],
})

/** The orders of a move, with the story that says how the carriers answered. */
export interface GivenOrders extends CaseOrders {
  readonly story: Story
  readonly caseId: string
  readonly at: Instant
}

/** The inputs for playing stories, and the collected results. */
export interface Stage {
  readonly rows: CaseRows
  readonly acts: AuditedAct[]
  readonly orders: GivenOrders[]
  readonly people: ReadonlyMap<string, StaffActor>
  readonly holidays: ReadonlySet<string>
  readonly unitOf: (areaId: string) => string
  readonly chance: Chance
  /** Returns the id of the `n`th file: the same at each try, so that an interrupted try leaves nothing behind. */
  readonly fileId: (n: number) => string
  readonly storeFile: (key: CaseKey, id: string, bytes: Buffer) => { originalKey: string; viewKey: string }
  readonly sha256: (bytes: Buffer) => Uint8Array<ArrayBuffer>
}
