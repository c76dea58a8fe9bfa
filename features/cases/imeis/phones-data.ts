import '#server-only'
import type { ProofReading, ReadImei } from '#features/evidence/readings/rules.ts'
import type { CaseQuestion } from '#features/exchange/questions/data.ts'
import { deviceOf } from '#features/lookup-tables/queries.ts'
import { displayName } from '#lib/imei/device.ts'
import { parseImei } from '#lib/imei/imei.ts'
import { writeChoice, writeReading } from './rules.ts'

/** A phone that a carrier has named: one that the reporter's number was in. */
export interface NamedPhone {
  /** The value that a form sends to choose this phone. */
  readonly choice: string
  readonly carrierName: string
  /** 15 digits. */
  readonly imei: string
  /** Names its make and model from the TAC table; null where that knows nothing. */
  readonly device: { readonly manufacturer: string; readonly model: string } | null
}

/** Returns the phones that stand in the answers to these questions, in the carriers' order. */
export async function listNamedPhones(questions: readonly CaseQuestion[]): Promise<NamedPhone[]> {
  const named = questions.flatMap(({ id, carrierName, imeis }) =>
    imeis.map(async (imei, at) => {
      const parsed = parseImei(imei)
      const device = parsed.ok ? await deviceOf(parsed.value.tac) : null
      return { choice: writeChoice({ question: id, at }), carrierName, imei, device }
    }),
  )
  return Promise.all(named)
}

/** Returns the phones that police let the reporter choose from: never their whole numbers. */
export async function listReleasedPhones(questions: readonly CaseQuestion[]) {
  const named = await listNamedPhones(questions.filter(({ releasedAt }) => releasedAt !== null))
  return named.map(({ choice, carrierName, imei, device }) => ({
    choice,
    carrierName,
    name: device && displayName(device.manufacturer, device.model),
    ending: imei.slice(-4),
  }))
}

/** A phone that a machine has read on the evidence of a case, and that the case does not claim. */
interface ReadPhone {
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
