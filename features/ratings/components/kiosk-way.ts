/**
 * Leads a kiosk to another of its pages, once the server answers: one that fails to load would end it. It leaves no way
 * back to what the person before has seen.
 *
 * @param still asked when the server has answered: somebody may have come meanwhile
 */
export async function openWhenThere(href: string, still: () => boolean = () => true): Promise<boolean> {
  const answer = await fetch(href, { method: 'HEAD' }).catch(() => null)
  if (!answer?.ok) return false
  if (still()) location.replace(href)
  return true
}
