import { Readable } from 'node:stream'
import { z } from 'zod'
import { findObjectionForEvidence } from '#features/disputes/drafts/data.ts'
import { type FileReader, isLost } from '#features/evidence/files/page-data.ts'
import { contentDisposition } from '#features/evidence/files/rules.ts'
import { phoneOfFile } from '#features/phones/registrations/data.ts'
import { draftForEvidence } from '#features/reporting/drafts/page-data.ts'
import { citizenCase } from '#http/citizen.ts'
import { draftCookie } from '#http/draft.ts'
import { objectionCookie, openObjection } from '#http/objection.ts'
import { openedPhones } from '#http/phones.ts'
import { routeHandler } from '#http/route-handler.ts'
import { currentStaff } from '#http/session.ts'
import { citizenScope, staffScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { catalogue } from '#messages/catalogue.ts'

interface Served {
  readonly mediaType: string
  readonly content: Readable | Buffer
  readonly disposition: { readonly kind: 'inline' | 'attachment'; readonly name: string }
}

/**
 * Returns the handler of a file's address. It calls `open` for each identity of this browser until one may read the file. Ids
 * that are unknown, malformed or another person's get the same answer. An uploaded file never runs: it gets no rights of a page,
 * no scripts and no guessed type, and no cache keeps it.
 */
export const serveFile = <A extends object = Record<never, never>>(
  open: (reader: FileReader, id: string, now: Date, asked: A) => Promise<Served | null>,
  /** Parses other parameters of the address; null where they are invalid. */
  asks?: (request: Request, params: Readonly<Record<string, string>>) => A | null,
) =>
  routeHandler<{ readonly id: string }>(async (request, params) => {
    const id = z.uuid().safeParse(params.id)
    const asked = asks?.(request, { ...params })
    if (!id.success || asked === null) return missing()
    const now = new Date()
    for await (const reader of readersOf(now, id.data)) {
      const file = await open(reader, id.data, now, asked as A).catch(lost)
      if (file instanceof Response) return file
      if (file) return answer(file)
    }
    return missing()
  })

const GUARD = {
  'content-security-policy': "sandbox; default-src 'none'",
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'cache-control': 'private, no-store',
}

/** Answers in both languages: the link does not tell the reader's language. */
const inWords = (status: number, words: 'missing' | 'lost'): Response =>
  new Response(`${catalogue.vi.evidence[words]}\n${catalogue.en.evidence[words]}\n`, {
    status,
    headers: { ...GUARD, 'content-type': 'text/plain; charset=utf-8' },
  })

const missing = (): Response => inWords(404, 'missing')

/** Answers for a file that the store has lost. The person may see the file, so the answer says that it is lost. */
function lost(error: unknown): Response {
  if (!isLost(error)) throw error
  return inWords(410, 'lost')
}

const answer = ({ mediaType, content, disposition }: Served): Response =>
  new Response(
    content instanceof Readable ? (Readable.toWeb(content) as ReadableStream) : Uint8Array.from(content),
    {
      headers: {
        ...GUARD,
        'content-type': mediaType,
        'content-disposition': contentDisposition(disposition.kind, disposition.name),
      },
    },
  )

/** Yields the identities of this browser in turn. It may be signed in, have a case open and write a draft at once. */
export async function* readersOf(now: Instant, file: string): AsyncGenerator<FileReader> {
  const staff = await currentStaff()
  const scope = staff && staffScope(staff)
  if (staff && scope) yield { scope, actor: staff }
  const opened = await citizenCase(now)
  if (opened) yield { scope: opened.scope, actor: { kind: 'citizen' } }
  const draft = await draftForEvidence(await draftCookie(), now)
  if (draft) yield { scope: citizenScope(draft.id, 'full'), actor: { kind: 'citizen' } }
  const objection = await openObjection(now)
  if (objection) yield { scope: objection.scope, actor: { kind: 'citizen' } }
  const begun = await findObjectionForEvidence(await objectionCookie(), now)
  if (begun) yield { scope: citizenScope(begun.id, 'full'), actor: { kind: 'citizen' } }
  const phones = await openedPhones(now)
  const phone = phones && (await phoneOfFile(phones, file))
  if (phone !== null) yield { scope: citizenScope(phone, 'full'), actor: { kind: 'citizen' } }
}
