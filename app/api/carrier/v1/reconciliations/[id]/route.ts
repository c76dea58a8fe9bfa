import { z } from 'zod'
import { differencesQuerySchema, type ReconciliationAnswer } from '#features/exchange/interface/rules.ts'
import { differences, reconciliation } from '#features/exchange/reconciliations/data.ts'
import { fullImei } from '#features/exchange/reconciliations/rules.ts'
import { badParameters, notFound } from '#http/problem.ts'
import { queryOf } from '#http/query.ts'
import { READ_ONLY } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { carrierEndpoint } from '../../../carrier-endpoint.ts'

export const access = 'holder of a carrier’s key' satisfies Access

export const GET = carrierEndpoint<{ id: string }>(async (carrierId, request, { id }) => {
  const query = differencesQuerySchema.safeParse(queryOf(request))
  if (!query.success) return badParameters(query.error)
  const actor = { kind: 'carrier', id: carrierId } as const
  const one = z.uuid().safeParse(id).success ? await reconciliation(actor, id) : null
  if (!one) return notFound('you have no such reconciliation')
  const { kind, after = '', limit } = query.data
  const page = await differences(one, kind, after.slice(0, 14), limit)
  const { state, phones, invalid, matched, pending, missing, extra, foreign } = one
  return Response.json(
    {
      id,
      state,
      seq: Number(one.atSeq),
      phones,
      invalid,
      matched,
      pending,
      missing,
      extra,
      foreign,
      kind,
      differences: page.differences.map(({ imei }) => imei),
      next: page.next && fullImei(page.next),
    } satisfies ReconciliationAnswer,
    { headers: { 'cache-control': 'no-store' } },
  )
})

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
