import type { CarrierCount, Chapter } from '../standing/rules.ts'

export interface Headed {
  readonly chapter: Chapter
  /** A temporary block is in force while police look. */
  readonly temporary: boolean
  /** True when the officer who filed the case has it, and so cannot verify it. */
  readonly waitsForOther: boolean
  readonly count: Pick<CarrierCount, 'queued' | 'total'>
}

/** Returns the headline of a case, by its key in the messages. Orders that are not sent yet are not called sent. */
export function headlineOf({ chapter, temporary, waitsForOther, count: { queued, total } }: Headed) {
  if (temporary) return queued < total ? 'temporary' : 'temporary_queued'
  if (chapter === 'under_review' && waitsForOther) return 'under_review_filer'
  if ((chapter !== 'blocking' && chapter !== 'unblocking') || queued === 0) return chapter
  return queued === total ? (`${chapter}_queued` as const) : (`${chapter}_part` as const)
}
