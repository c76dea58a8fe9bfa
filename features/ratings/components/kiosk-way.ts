/**
 * Opens another page of a kiosk once the server answers, because a page that fails to load would end the kiosk. It
 * leaves no history to what the last person saw.
 *
 * @param still called when the server has answered: another person may have begun meanwhile
 */
export async function openWhenThere(href: string, still: () => boolean = () => true): Promise<boolean> {
  const answer = await fetch(href, { method: 'HEAD' }).catch(() => null)
  if (!answer?.ok) return false
  if (still()) location.replace(href)
  return true
}
