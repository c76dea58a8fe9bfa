import { type ListReceived, listQuerySchema } from '#features/exchange/interface/rules.ts'
import { type ListFault, receiveList } from '#features/exchange/reconciliations/acts.ts'
import { MAX_LIST_BYTES } from '#features/exchange/reconciliations/rules.ts'
import { badParameters, type ProblemReport, problem } from '#http/problem.ts'
import { queryOf } from '#http/query.ts'
import { POST_ONLY } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { beyondHead, carrierEndpoint } from '../../carrier-endpoint.ts'

export const access = 'holder of a carrier’s key' satisfies Access

/** Receives the carrier's own list as CSV, unparsed; the worker compares it later. */
export const POST = carrierEndpoint(async (carrierId, request) => {
  const query = listQuerySchema.safeParse(queryOf(request))
  if (!query.success) return badParameters(query.error)
  if (Number(request.headers.get('content-length') ?? 0) > MAX_LIST_BYTES) return refused('too_large')
  const body = bounded(request)
  const list = { carrierId, atSeq: query.data.seq ?? null, ...body }
  const id = await receiveList({ kind: 'carrier', id: carrierId }, list, new Date())
  if (!id.ok) return refused(id.error)
  const location = `/api/carrier/v1/reconciliations/${id.value}`
  const received: ListReceived = { id: id.value }
  return Response.json(received, { status: 202, headers: { location, 'cache-control': 'no-store' } })
})

export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = POST_ONLY

/** Returns the body up to the size limit of a list, and a function that tells whether that was all of it. */
function bounded(request: Request) {
  let bytes = 0
  const content = async function* () {
    for await (const chunk of request.body ?? []) {
      bytes += chunk.length
      if (bytes > MAX_LIST_BYTES) return
      yield chunk
    }
  }
  return { content: content(), isWhole: () => bytes <= MAX_LIST_BYTES }
}

const PROBLEMS: Readonly<Record<Exclude<ListFault, 'beyond_head'>, ProblemReport>> = {
  forbidden: { status: 403, code: 'forbidden', title: 'This list is not yours' },
  busy: {
    status: 409,
    code: 'busy',
    title: 'Your list before is still being compared; try again in a minute',
  },
  too_large: { status: 413, code: 'too-large', title: 'The list is too large' },
  too_many_rows: { status: 413, code: 'too-many-rows', title: 'The list has too many rows' },
  empty: { status: 422, code: 'empty-list', title: 'The list has neither a heading nor a row' },
  no_imei: { status: 422, code: 'no-imei', title: 'No row has an IMEI of 14, 15 or 16 digits' },
  encoding: { status: 422, code: 'not-text', title: 'The list is neither UTF-8 nor UTF-16 with its mark' },
  broken: { status: 422, code: 'not-csv', title: 'A quote is never closed, or a cell is far too long' },
}

const refused = (error: ListFault): Response =>
  error === 'beyond_head'
    ? beyondHead('seq is greater than the last sequence of your book')
    : problem(PROBLEMS[error])
