import '#server-only'
import type { ProofReading, ReadImei } from '#features/evidence/readings/rules.ts'
import { deviceOf } from '#features/lookup-tables/queries.ts'
import { writeReading } from './rules.ts'

/** A phone that a machine has read on the evidence of a case, and that the case does not claim. */
export interface ReadPhone {
  /** The value that a form sends to choose this phone. */
  readonly choice: string
  /** 15 digits. */
  readonly imei: string
  /** Names its make and model from the TAC table; null where that knows nothing. */
  readonly device: { readonly manufacturer: string; readonly model: string } | null
}

/** Returns each phone that was read and is not claimed, once, as the file that shows it first names it. */
export const readPhones = ({ files, others }: ProofReading): Promise<ReadPhone[]> =>
  Promise.all(
    others.map(async ({ imei }) => ({
      choice: choiceOf(files, imei),
      imei,
      device: await deviceOf(imei.slice(0, 8)),
    })),
  )

function choiceOf(files: ProofReading['files'], imei: ReadImei['imei']): string {
  const file = files.find(({ found }) => found.some((one) => one.imei === imei))
  if (!file) throw new Error('a phone that no file shows')
  return writeReading({ evidence: file.evidenceId, at: file.found.findIndex((one) => one.imei === imei) })
}
