import { ADDED_FACTS, type TypedFacts } from '#features/cases/citizen/added-facts-rules.ts'
import { MESSAGE_MAX } from '#features/cases/citizen/rules.ts'
import { type GivenImei, IMEI_FIELDS, readGivenImei } from '#features/cases/imeis/rules.ts'
import { discardFiles, type ReceivedFile, receiveFile, wasNotStored } from '#features/evidence/files/acts.ts'
import { MAX_BODY_BYTES, MAX_FILE_BYTES, MAX_FILES } from '#features/evidence/files/limits-rules.ts'
import type { EvidenceFault } from '#features/evidence/files/rules.ts'
import { clientAddress } from '#http/address.ts'
import { contentOf } from '#http/form-content.ts'
import { formPost, notStored, seeOther } from '#http/form-post.ts'
import { submitKey } from '#http/hidden-fields.ts'
import { type FormLimits, type IncomingFile, type IncomingForm, readMultipart } from '#http/multipart.ts'
import type { ActFlash, RefusedFlash } from '#lib/flash.ts'
import { cleanText } from '#lib/person/text.ts'
import type { RawForm } from '#lib/raw-form.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { shownVersion } from '#lib/shown-version.ts'
import type { Instant } from '#lib/time.ts'
import { pathFor, type Route } from '#messages/paths.ts'
import { senderLocale } from '#messages/sender.ts'
import { OtherContent, withContent } from '#platform/idempotency/commands.ts'
import { withinLimit } from '#platform/rate-limits/commands.ts'

const LIMITS: FormLimits = {
  fileField: 'evidence',
  files: MAX_FILES,
  fileBytes: MAX_FILE_BYTES,
  fields: 20,
  // Far above the message limit, so that a text that is too long is refused with an explanation and shown again in full.
  fieldBytes: 1024 * 1024,
  bodyBytes: MAX_BODY_BYTES,
}

/** In characters; longer than any way of writing an IMEI. */
const LONGEST_IMEI = 100

type Faults = Readonly<Record<string, string>>
type Sent = IncomingForm<Result<ReceivedFile, EvidenceFault>>

interface PostedAct<Act extends string> {
  readonly act: Act
  readonly version: number
  readonly message: string
  readonly submitKey: string
  readonly kind: string | undefined
  readonly files: readonly ReceivedFile[]
  readonly correction: { readonly field: string; readonly value: string }
  readonly imei: GivenImei | null
  readonly facts: TypedFacts
}

interface Open {
  readonly number: string
  readonly key: Parameters<typeof receiveFile>[0]
  /** `status`: the browser has shown only a code, and files are not accepted. */
  readonly access?: 'full' | 'status'
}

interface ActPost<Act extends string, O extends Open> {
  readonly open: (now: Instant) => Promise<O | null>
  /** The page to open the case again, for a browser that has none open any more. */
  readonly opener: (fault: 'session_ended' | 'failed') => Route
  readonly page: (number: string) => Route
  readonly isAct: (text: string) => text is Act
  readonly withoutWords: (act: Act, files: number) => Faults
  /** Carries the act out; returns the faults, or null. It discards files that are not kept. */
  readonly run: (open: O, posted: PostedAct<Act>, now: Instant) => Promise<Faults | null>
  readonly setFlash: (flash: ActFlash<Act>) => Promise<void>
}

/**
 * Returns the handler of one act, with files, on the case or objection that this browser has open. It answers 303 to its page,
 * which shows the result: success, or a refusal with all input. A program whose files the store refused gets 503.
 */
export const actPost = <Act extends string, O extends Open>(of: ActPost<Act, O>) =>
  formPost({
    failed: (request) => seeOther(pathFor(senderLocale(request), of.opener('failed'))),
    post: async (request) => {
      const locale = senderLocale(request)
      const now = new Date()
      const ended = () => seeOther(pathFor(locale, of.opener('session_ended')))
      const open = await of.open(now)
      if (!open) return ended()
      const backWith = async (flash: ActFlash<Act>): Promise<Response> => {
        await of.setFlash(flash)
        return seeOther(pathFor(locale, of.page(open.number)))
      }
      // Checked at the first file only: acts without files are not limited, because thousands of people share an address. The
      // form keeps its input.
      let within: boolean | undefined
      const receive = async (file: IncomingFile): Promise<Result<ReceivedFile, EvidenceFault>> => {
        within ??=
          open.access !== 'status' &&
          (await withinLimit('upload_address', clientAddress(request.headers), now)).allowed
        if (within) return receiveFile(open.key, file)
        file.content.destroy()
        return err('too_often')
      }
      const sent = await readMultipart(request, LIMITS, receive, discardFiles)
      if (!sent.ok) {
        return backWith({ act: null, done: false, values: {}, faults: { form: `track.${sent.error}` } })
      }
      const { fields, files } = sent.value
      const away = wasNotStored(files) ? notStored(request) : null
      if (away) {
        await discardFiles(files)
        return away
      }
      const posted = fields.get('number') === open.number ? readAct(sent.value, of) : null
      if (!posted?.ok) {
        await discardFiles(files)
        // The form is of another case than the one this browser has open now.
        return posted === null ? ended() : backWith(posted.error)
      }
      const { act } = posted.value
      const content = contentOf(Object.fromEntries(fields), posted.value.files)
      const faults = await withContent(content, () => of.run(open, posted.value, now)).catch(
        async (error: unknown) => {
          if (!(error instanceof OtherContent)) throw error
          await discardFiles(files)
          return { form: 'general.sent_before' }
        },
      )
      return backWith(
        faults === null ? { act, done: true } : { act, done: false, values: typedIn(fields), faults },
      )
    },
  })

const typedIn = (fields: Sent['fields']): RawForm => ({
  message: fields.get('message') ?? '',
  evidenceKind: fields.get('evidenceKind') ?? '',
  correctField: fields.get('correctField') ?? '',
  correctValue: fields.get('correctValue') ?? '',
  imei1: fields.get('imei1') ?? '',
  imei2: fields.get('imei2') ?? '',
  imeiChoice: fields.get('imeiChoice') ?? '',
  ...factsIn(fields),
})

const factsIn = (fields: Sent['fields']): TypedFacts =>
  Object.fromEntries(
    ADDED_FACTS.flatMap((name) => (fields.has(name) ? [[name, fields.get(name) ?? '']] : [])),
  )

function readAct<Act extends string>(
  { fields, files, tooManyFiles }: Sent,
  { isAct, withoutWords }: Pick<ActPost<Act, Open>, 'isAct' | 'withoutWords'>,
): Result<PostedAct<Act>, RefusedFlash<Act>> {
  const refused = { done: false, values: typedIn(fields) } as const
  const act = fields.get('act') ?? ''
  if (!isAct(act)) return err({ act: null, ...refused, faults: { form: 'general.invalid' } })
  const cleaned = cleanText(fields.get('message') ?? '', MESSAGE_MAX)
  const message = cleaned.ok ? cleaned.value.trim() : ''
  const typed = IMEI_FIELDS.map((field) => (fields.get(field) ?? '').slice(0, LONGEST_IMEI))
  const imei = readGivenImei(typed, fields.get('imeiChoice') ?? '')
  const faults = {
    ...(!cleaned.ok && { message: 'track.message_long' }),
    ...(cleaned.ok && message === '' && withoutWords(act, files.length)),
    ...(!imei.ok && imei.error),
    ...fileFault(files, tooManyFiles),
  }
  if (Object.keys(faults).length > 0) return err({ act, ...refused, faults })
  return ok({
    act,
    version: shownVersion.parse(fields.get('version')),
    message,
    submitKey: submitKey.parse(fields.get('submitKey')),
    kind: fields.get('evidenceKind'),
    correction: { field: fields.get('correctField') ?? '', value: fields.get('correctValue') ?? '' },
    imei: imei.ok ? imei.value : null,
    facts: factsIn(fields),
    files: files.flatMap((file) => (file.ok ? [file.value] : [])),
  })
}

function fileFault(files: Sent['files'], tooManyFiles: boolean): Faults {
  if (tooManyFiles) return { evidence: 'evidence.too_many' }
  const refused = files.find((file) => !file.ok)
  if (!refused || refused.ok) return {}
  return { evidence: refused.error === 'too_often' ? 'track.files_too_often' : `evidence.${refused.error}` }
}
