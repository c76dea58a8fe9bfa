/** Forms as a browser without JavaScript sends them. */

const unescaped = (text: string): string =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')

const attribute = (tag: string, name: string): string =>
  unescaped(new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? '')

/** Returns the hidden fields of a page's form that contains `mark`. */
export async function fieldsOf(url: string, cookie: string, mark: string): Promise<Record<string, string>> {
  const page = await fetch(url, { headers: { cookie }, redirect: 'manual' })
  const html = await page.text()
  const form = (html.match(/<form[\s\S]*?<\/form>/g) ?? []).find((one) => one.includes(mark))
  if (page.status !== 200 || !form)
    throw new Error(`${url} answered ${page.status} and has no form with ${mark}`)
  const hidden = (form.match(/<input[^>]*type="hidden"[^>]*>/g) ?? []).map((tag) => [
    attribute(tag, 'name'),
    attribute(tag, 'value'),
  ])
  return Object.fromEntries(hidden)
}

/**
 * Posts a form, as from an address behind the one proxy, and returns the redirect's target; throws when the status is not
 * 303.
 */
export async function post(
  url: string,
  cookie: string,
  fields: Record<string, string>,
  address = '10.0.0.1',
): Promise<string> {
  const body = new FormData()
  for (const [name, value] of Object.entries(fields)) body.append(name, value)
  const answer = await fetch(url, {
    method: 'POST',
    body,
    headers: { cookie, origin: new URL(url).origin, 'x-forwarded-for': address },
    redirect: 'manual',
  })
  await answer.arrayBuffer()
  if (answer.status !== 303) throw new Error(`${url} answered ${answer.status} where it should lead on`)
  return answer.headers.get('location') ?? ''
}

/** Posts the fields of the product's form to the bare site, whose action writes the rows called `name`. */
export async function bareSend(
  url: string,
  name: string,
  fields: Record<string, string>,
): Promise<() => Promise<string>> {
  const page = `${url}/same/${name}`
  const own = Object.entries(fields).filter(([field]) => !field.startsWith('$ACTION'))
  const form = { ...Object.fromEntries(own), ...(await fieldsOf(page, '', 'name="rows"')) }
  return () => post(page, '', form)
}
