import '#server-only'
import { lastUpkeep } from '#features/installation/queries.ts'
import { holidaysAhead } from '#features/lookup-tables/queries.ts'
import {
  type CarrierFigures,
  carrierFigures,
  casesOverdue,
  connections,
  deadLetters,
  type QueueFigures,
  queueFigures,
  sealFigures,
  troubles,
} from '../repository/figures.ts'

/** The figures of the whole product, as its database has them; every process reads the same. */
export interface Figures {
  readonly queues: readonly QueueFigures[]
  readonly deadLetters: number
  readonly seal: { readonly sealed: number | null; readonly unsealed: number | null }
  readonly carriers: readonly CarrierFigures[]
  readonly casesOverdue: number
  readonly holidaysAhead: number
  readonly troubles: readonly { readonly job: string; readonly code: string }[]
  readonly upkeep: readonly { readonly kind: string; readonly doneAt: Date }[]
  readonly connections: { readonly used: number; readonly most: number }
}

/** Reads them one after another: a scrape takes one connection, however busy the database is. */
export async function figures(): Promise<Figures> {
  return {
    queues: await queueFigures(),
    deadLetters: await deadLetters(),
    seal: await sealFigures(),
    carriers: await carrierFigures(),
    casesOverdue: await casesOverdue(),
    holidaysAhead: await holidaysAhead(new Date()),
    troubles: await troubles(),
    upkeep: await lastUpkeep(),
    connections: await connections(),
  }
}
