/** Answers 404: where citizens cannot sign in there is nothing under these addresses. */
export const nothingHere = (): Response =>
  new Response(null, { status: 404, headers: { 'cache-control': 'no-store' } })
