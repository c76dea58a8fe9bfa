import { CITY } from '#cities/city.ts'
import { byLoss } from '#features/first-hour/rules.ts'
import { bankHotlines, citySettings } from '#features/lookup-tables/data.ts'
import { refusalPage } from '#http/refusal-page.ts'
import { routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { groupTelephone } from '#lib/telephone.ts'
import { catalogue } from '#messages/catalogue.ts'
import { senderLocale } from '#messages/sender.ts'

export const access = 'anybody' satisfies Access

/** Number of banks and wallets listed, as on the home page. */
const BANKS = 8

/**
 * `GET /api/offline?lang=vi|en`: the page that a person's device shows without a network (`public/device-worker.js`): whom to
 * call, and a sentence that the device fills in with what it showed last. It is the same for every reader.
 */
export const GET = routeHandler(async (request) => {
  const locale = senderLocale(request)
  const { title, text, retry, seen, call, city, sim, banks } = catalogue[locale].push.offline
  const known = byLoss(await bankHotlines()).filter(({ numbers }) => numbers.length > 0)
  const lines = [
    `<li><a href="tel:113">${catalogue[locale].common.footer.emergency}</a></li>`,
    lineOf(city, [citySettings().hotline]),
    ...CITY.carriers.map(({ name, hotlines }) => lineOf(`${sim} ${name}`, hotlines)),
    ...known.slice(0, BANKS).map(({ name, numbers }) => lineOf(`${banks} ${name}`, numbers)),
  ]
  const more = `<p hidden data-seen>${seen}</p><h2>${call}</h2><ul>${lines.join('')}</ul>`
  const { headers, body } = refusalPage(locale, { title, text, retry }, more)
  // Pictures cannot load without a network.
  return new Response(body.replace(/<img [^>]+>/, ''), { headers })
})

const lineOf = (name: string, numbers: readonly string[]): string =>
  `<li>${name.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}: ${numbers
    .map((number) => `<a href="tel:${number}">${groupTelephone(number)}</a>`)
    .join('&ensp; ')}</li>`
