import { notFound } from '#server/entry/problem.ts'
import { carrierEndpoint } from '../carrier-endpoint.ts'

/** Whatever else is asked of the interface: a problem, not a page. */
const nothing = carrierEndpoint(async () => notFound('see /api/openapi.json'))

export const GET = nothing
export const HEAD = nothing
export const POST = nothing
export const PUT = nothing
export const PATCH = nothing
export const DELETE = nothing
