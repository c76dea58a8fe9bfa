import { DOCUMENT } from './document.ts'

/** `GET /api/openapi.json`: what programs may ask of this site. */
export const GET = (): Response =>
  Response.json(DOCUMENT, { headers: { 'cache-control': 'public, max-age=300' } })
