import { notFound } from '#http/problem.ts'
import { routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'

export const access = 'anybody' satisfies Access

/** Answers unknown addresses with a problem document instead of a page. */
const nothing = routeHandler<unknown>(async () => notFound('see /api/openapi.json'))

export const GET = nothing
export const POST = nothing
export const PUT = nothing
export const PATCH = nothing
export const DELETE = nothing
export const OPTIONS = nothing
