/** Answers 404: these addresses do not exist where citizens cannot sign in. */
export const nothingHere = (): Response =>
  new Response(null, { status: 404, headers: { 'cache-control': 'no-store' } })
