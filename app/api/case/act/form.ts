import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { type ActLeft, type CitizenAct, isCitizenAct, MESSAGE_MAX } from '#domain/case/citizen-acts.ts'
import type { EvidenceFault } from '#domain/evidence/fault.ts'
import type { FormValues } from '#domain/form-state.ts'
import { cleanText } from '#domain/person/text.ts'
import { err, ok, type Result } from '#domain/result.ts'
import type { CitizenRefusal } from '#server/cases/commands/citizen.ts'
import type { AskRefusal } from '#server/privacy/commands/ask.ts'

export interface ActForm {
  readonly act: CitizenAct
  readonly version: number
  readonly message: string
  readonly submitKey: string
  /** What was typed, to be shown again. */
  readonly values: FormValues
}

type Fault = Omit<Extract<ActLeft, { done: false }>, 'done'>

/** Reads the form of one act, or says what is wrong with it: one fault a field, every field looked at. */
export function readAct(
  fields: ReadonlyMap<string, string>,
  files: readonly Result<unknown, EvidenceFault>[],
  tooManyFiles: boolean,
): Result<ActForm, Fault> {
  const typed = fields.get('message') ?? ''
  const values = { message: typed, evidenceKind: fields.get('evidenceKind') ?? '' }
  const act = fields.get('act') ?? ''
  if (!isCitizenAct(act)) return err({ act: null, values, faults: { form: 'general.invalid' } })

  const message = cleanText(typed, MESSAGE_MAX)
  const words = message.ok ? message.value.trim() : ''
  const faults = {
    ...(!message.ok && { message: 'track.message_long' }),
    ...(message.ok && missing(act, words, files.length)),
    ...fileFault(files, tooManyFiles),
  }
  if (Object.keys(faults).length > 0) return err({ act, values, faults })
  const key = z.uuid().safeParse(fields.get('submitKey'))
  return ok({
    act,
    message: words,
    values,
    version: Number(fields.get('version')),
    submitKey: key.success ? key.data : randomUUID(),
  })
}

function missing(act: CitizenAct, words: string, files: number): { message?: string } {
  if (words !== '') return {}
  if (act === 'appeal') return { message: 'track.appeal_empty' }
  if (act === 'ask_correction') return { message: 'track.correction_empty' }
  return act === 'reply' && files === 0 ? { message: 'track.reply_empty' } : {}
}

function fileFault(
  files: readonly Result<unknown, EvidenceFault>[],
  tooManyFiles: boolean,
): { evidence?: string } {
  if (tooManyFiles) return { evidence: 'evidence.too_many' }
  const refused = files.find((file) => !file.ok)
  return refused && !refused.ok ? { evidence: `evidence.${refused.error}` } : {}
}

/** The words for a refusal of the act itself. */
export function faultOf(refusal: CitizenRefusal | AskRefusal): Record<string, string> {
  switch (refusal) {
    case 'too_many':
      return { evidence: 'evidence.too_many' }
    case 'text_missing':
      return { message: 'track.appeal_empty' }
    case 'stale':
    case 'appeal_used':
    case 'appeal_late':
    case 'asked_already':
    case 'no_consent':
      return { form: `track.${refusal}` }
    case 'legal_hold':
    case 'conflict':
    case 'not_over':
    case 'order_in_force':
    case 'erased':
      return { form: `track.kept_${refusal}` }
    default:
      return { form: 'track.not_now' }
  }
}
