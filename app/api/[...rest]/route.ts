import { apiHandler } from '#server/entry/api.ts'
import { notFound } from '#server/entry/problem.ts'

/** Whatever else is asked of the interfaces: a problem, not a page. */
const nothing = apiHandler<unknown>(async () => notFound('see /api/openapi.json'))

export const GET = nothing
export const POST = nothing
export const PUT = nothing
export const PATCH = nothing
export const DELETE = nothing
